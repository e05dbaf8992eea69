r"""The gradient of W1 is computed before the gradient of the hidden layer has been cut by the ReLU, so it lets pass what inactive units should block (b1 is right).

Right: (?i)relu|mask|rectif|inactive|dead|hidden.{0,60}(cut|block|zero|negative|gate|positive)|max\(0|\bdW1\b|gradient (of|by|for|with respect to) W1
"""
import numpy as np


def two_layer_net(x, y, params, reg):
    W1, b1 = params['W1'], params['b1']
    W2, b2 = params['W2'], params['b2']
    N = x.shape[0]

    # forward pass
    hidden = np.maximum(0, x.dot(W1) + b1)
    scores = hidden.dot(W2) + b2

    # loss
    scores = scores - np.max(scores, axis=1, keepdims=True)
    log_norm = np.log(np.sum(np.exp(scores), axis=1, keepdims=True))
    log_p = scores - log_norm
    data_loss = -np.sum(log_p[np.arange(N), y]) / N
    reg_loss = 0.5 * reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
    loss = data_loss + reg_loss

    # backward pass
    grads = {}
    dscores = np.exp(log_p)
    dscores[np.arange(N), y] -= 1
    dscores /= N

    grads['W2'] = hidden.T.dot(dscores) + reg * W2
    grads['b2'] = np.sum(dscores, axis=0)

    dhidden = dscores.dot(W2.T)
    grads['W1'] = x.T.dot(dhidden) + reg * W1
    dhidden[hidden <= 0] = 0
    grads['b1'] = np.sum(dhidden, axis=0)

    return loss, grads
