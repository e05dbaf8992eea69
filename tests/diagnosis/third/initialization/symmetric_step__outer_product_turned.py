r"""The gradient of W1 is transposed: np.outer(dz1, x) is used where np.outer(x, dz1) is due (both are 2 x 2, so nothing complains).

Right: (?i)transpos|outer|(rows?|columns?).*(column|row|swap|unit|input)|W1.*(turned|swapped|wrong way)|swapped|dW1|gradient (of|with respect to|for) W1|axes|order of (the )?(factors|arguments)
"""
import numpy as np


def sigmoid(z):
    z = np.asarray(z)
    pos = 1 / (1 + np.exp(-np.maximum(z, 0)))
    ez = np.exp(np.minimum(z, 0))
    neg = ez / (1 + ez)
    return np.where(z >= 0, pos, neg)


def symmetric_step(params, x, y, lr):
    W1, b1, W2, b2 = params['W1'], params['b1'], params['W2'], params['b2']

    # forward
    h = sigmoid(x @ W1 + b1)            # (2,)
    o = sigmoid(h @ W2 + b2)            # (1,)

    # backward
    do = 2 * (o - y)
    dz2 = do * o * (1 - o)              # (1,)
    dW2 = np.outer(h, dz2)
    db2 = dz2
    dh = W2 @ dz2                       # (2,)
    dz1 = dh * h * (1 - h)
    dW1 = np.outer(dz1, x)
    db1 = dz1

    return {
        'W1': W1 - lr * dW1,
        'b1': b1 - lr * db1,
        'W2': W2 - lr * dW2,
        'b2': b2 - lr * db2,
    }
