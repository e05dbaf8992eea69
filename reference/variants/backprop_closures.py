# Every forward step returns its own backward step; the recursion does the chain rule.
import numpy as np


def affine_forward(x, w, b):
    flat = np.vstack([example.ravel() for example in x])
    # the bias as one more weight, whose input is 1
    wide = np.column_stack([flat, np.ones(len(x), dtype=x.dtype)])
    weights = np.vstack([w, b])

    def pull(dout):
        dwide = dout @ weights.T
        dweights = wide.T @ dout
        return dwide[:, :-1].reshape(x.shape), dweights[:-1], dweights[-1]

    return wide @ weights, pull


def affine_backward(dout, cache):
    return cache(dout)


def numerical_gradient(f, x, h=1e-5, *, progress=None):
    flat = x.ravel().copy()

    def g(v):
        return f(v.reshape(x.shape))

    def moved(i, by):
        v = flat.copy()
        v[i] += by
        return v

    return np.array([(g(moved(i, h)) - g(moved(i, -h))) / (2 * h) for i in range(flat.size)]).reshape(x.shape)


def numerical_gradient_array(f, x, df, h=1e-5):
    jacobian = []
    for i in range(x.size):
        step = np.zeros(x.size)
        step[i] = h
        step = step.reshape(x.shape)
        jacobian.append(((f(x + step) - f(x - step)) / (2 * h)).ravel())
    return (np.array(jacobian) @ df.ravel()).reshape(x.shape)


def relative_error(a, b):
    top = abs(a - b)
    bottom = abs(a) + abs(b)
    bottom = np.where(bottom > 1e-8, bottom, 1e-8)
    return np.asarray((top / bottom).max())


def sigmoid(a):
    with np.errstate(over="ignore"):
        out = 1 / (1 + np.exp(-a))

    def pull(dout):
        return dout * out * (1 - out)

    return out, pull


def chain_gradients(w, x, y):
    def descend(h, i):
        """The gradients from layer i on, and the gradient by h."""
        if i == len(w):
            return [], h - y
        out, pull = sigmoid(w[i] * h)
        rest, dout = descend(out, i + 1)
        da = pull(dout)
        return [da * h, *rest], da * w[i]

    return tuple(descend(x, 0)[0])


def composed_gradients(w1, w2, x, y):
    t = np.tanh(w1 * x)
    s, pull = sigmoid(w2 * t)
    da2 = pull(2 * s - 2 * y)
    da1 = da2 * w2 * (1 - t * t)
    return [da1 * x, da2 * t]


def sigmoid_neuron(w, x):
    out, pull = sigmoid(np.sum(w[:-1] * x) + w[-1])
    da = pull(np.ones((), dtype=w.dtype))
    dw = np.ones_like(w)
    dw[:-1] = x
    dw *= da
    return out, dw, w[: len(x)] * da


def log_softmax(scores):
    top = scores.max(1, keepdims=True)
    out = scores - (top + np.log(np.exp(scores - top).sum(1, keepdims=True)))

    def pull(dout):
        return dout - np.exp(out) * dout.sum(1, keepdims=True)

    return out, pull


def two_layer_net(x, y, params, reg, **_ignored):
    a, back1 = affine_forward(x, params["W1"], params["b1"])
    h = a.clip(min=0)
    s, back2 = affine_forward(h, params["W2"], params["b2"])
    logp, back3 = log_softmax(s)
    pick = np.zeros_like(logp)
    pick[np.arange(len(y)), y] = -1 / len(y)
    dh, dW2, db2 = back2(back3(pick))
    _, dW1, db1 = back1(dh * (h > 0))
    loss = (pick * logp).sum() + reg * (0.5 * (params["W1"] ** 2).sum() + 0.5 * (params["W2"] ** 2).sum())
    return [loss, {"W1": dW1 + reg * params["W1"], "W2": dW2 + reg * params["W2"], "b1": db1, "b2": db2, "scores": s}]
