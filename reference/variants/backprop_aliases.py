# The names and the manner of a well-known course: other arguments in between, nditer, in place.
import numpy as np


def affine_forward(x, w, b):
    out = x.reshape(x.shape[0], np.prod(x.shape[1:])).dot(w) + b
    cache = (x, w, b)
    return out, cache


def affine_backward(dout, cache):
    x, w, _ = cache
    dx = dout.dot(w.T).reshape(*x.shape)
    dw = x.reshape(x.shape[0], -1).T.dot(dout)
    db = dout.sum(axis=0)
    return dx, dw, db


def relu_forward(x):
    out = np.maximum(0, x)
    return out, x


def relu_backward(dout, cache):
    dx = np.array(dout, copy=True)
    dx[cache <= 0] = 0
    return dx


def affine_relu_forward(x, w, b):
    a, fc_cache = affine_forward(x, w, b)
    out, relu_cache = relu_forward(a)
    return out, (fc_cache, relu_cache)


def affine_relu_backward(dout, cache):
    fc_cache, relu_cache = cache
    return affine_backward(relu_backward(dout, relu_cache), fc_cache)


def softmax_loss(x, y):
    N = x.shape[0]
    probs = np.exp(x - np.max(x, axis=1, keepdims=True))
    total = probs.sum(axis=1, keepdims=True)
    log_probs = x - np.max(x, axis=1, keepdims=True) - np.log(total)
    loss = -log_probs[range(N), y].mean()
    dx = probs / total
    dx[range(N), y] -= 1
    dx /= N
    return loss, dx


def eval_numerical_gradient(f, x, verbose=False, h=0.00001):
    fx = f(x)
    grad = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"], op_flags=["readwrite"])
    while not it.finished:
        ix = it.multi_index
        oldval = x[ix]
        x[ix] = oldval + h
        fxph = f(x)
        x[ix] = oldval - h
        fxmh = f(x)
        x[ix] = oldval
        grad[ix] = (fxph - fxmh) / (2 * h)
        if verbose:
            print(ix, grad[ix], fx)
        it.iternext()
    return grad


def eval_numerical_gradient_array(f, x, df, h=1e-5):
    grad = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"], op_flags=["readwrite"])
    while not it.finished:
        ix = it.multi_index
        oldval = x[ix]
        x[ix] = oldval + h
        pos = f(x).copy()
        x[ix] = oldval - h
        neg = f(x).copy()
        x[ix] = oldval
        grad[ix] = np.sum((pos - neg) * df) / (2 * h)
        it.iternext()
    return grad


def rel_error(x, y):
    """returns relative error"""
    return np.max(np.abs(x - y) / (np.maximum(1e-8, np.abs(x) + np.abs(y))))


def sigmoid(z):
    z = np.asarray(z)
    pos = z >= 0
    e = np.exp(np.where(pos, -z, z))
    return np.where(pos, 1 / (1 + e), e / (1 + e))


def chain_gradients(w, x, y):
    hs, caches = x, []
    for wi in w:
        a = wi * hs
        caches.append((hs, a))
        hs = sigmoid(a)
    dout = hs - y
    dws = [0] * len(w)
    for i in range(len(w) - 1, -1, -1):
        h_prev, a = caches[i]
        da = dout * sigmoid(a) * (1 - sigmoid(a))
        dws[i] = da * h_prev
        dout = da * w[i]
    return dws


def composed_gradients(w1, w2, x, y):
    a1 = w1 * x
    h1 = np.tanh(a1)
    a2 = w2 * h1
    h2 = sigmoid(a2)
    dh2 = 2 * (h2 - y)
    da2 = dh2 * h2 * (1 - h2)
    dw2 = da2 * h1
    dh1 = da2 * w2
    da1 = dh1 * (1 - np.square(h1))
    return da1 * x, dw2


def sigmoid_neuron(w, x):
    x1 = np.concatenate([x, np.ones(1, dtype=x.dtype)])
    f = sigmoid(w.dot(x1))
    ddot = (1 - f) * f
    dw = (ddot * x1).astype(x.dtype)
    dx = (ddot * w[:-1]).astype(x.dtype)
    return f, dw, dx


def two_layer_net(x, y, params, reg):
    hidden, cache1 = affine_relu_forward(x, params["W1"], params["b1"])
    scores, cache2 = affine_forward(hidden, params["W2"], params["b2"])
    loss, dscores = softmax_loss(scores, y)
    loss += 0.5 * reg * sum(np.sum(params[k] * params[k]) for k in ("W1", "W2"))
    grads = {}
    dhidden, grads["W2"], grads["b2"] = affine_backward(dscores, cache2)
    _, grads["W1"], grads["b1"] = affine_relu_backward(dhidden, cache1)
    grads["W1"] += reg * params["W1"]
    grads["W2"] += reg * params["W2"]
    return loss, grads
