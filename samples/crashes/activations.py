from builtins import range  # noqa: A004  (many course files open like this)

import numpy as np


def sigmoid_forward(x):
    out = np.negative(x)
    with np.errstate(over="ignore"):  # exp gives inf, and 1 / inf is the right answer
        np.exp(out, out=out)
    out += 1
    np.divide(1, out, out=out)
    return out, {"out": out}


def sigmoid_backward(dout, cache):
    dx = 1 - cache["out"]
    dx *= cache["out"]
    dx *= dout
    return dx


def tanh_forward(x):
    out = x.copy()
    np.tanh(out, out=out)
    return out, {"out": out}


def tanh_backward(dout, cache):
    dx = cache["out"] ** 2
    dx -= 1
    dx *= -1
    dx *= dout
    return dx


def relu_forward(x):
    out = np.array(x)
    out[out < 0] = 0
    return out, {"off": x <= 0}


def relu_backward(dout, cache):
    dx = np.array(dout)
    dx[cache["of"]] = 0
    return dx


def leaky_relu_forward(x, slope=0.01):
    off = x <= 0
    out = x.copy()
    out[off] *= slope
    return out, {"off": off, "slope": slope}


def leaky_relu_backward(dout, cache):
    dx = dout.copy()
    dx[cache["off"]] *= cache["slope"]
    return dx


def prelu_forward(x, alpha):
    cache = {"x": x, "off": x <= 0, "alpha": alpha}
    out = x.copy()
    if np.ndim(alpha) == 0:
        out[cache["off"]] *= alpha
    else:
        for c in range(alpha.shape[0]):
            channel = out[:, c]
            channel[channel <= 0] *= alpha[c]
    return out, cache


def prelu_backward(dout, cache):
    x, off, alpha = cache["x"], cache["off"], cache["alpha"]
    dx = dout.copy()
    if np.ndim(alpha) == 0:
        dx[off] *= alpha
        dalpha = np.dot(x[off], dout[off])
    else:
        dalpha = np.empty_like(alpha)
        for c in range(alpha.shape[0]):
            here = off[:, c]
            dx[:, c][here] *= alpha[c]
            dalpha[c] = np.dot(x[:, c][here], dout[:, c][here])
    return dx, dalpha


def elu_forward(x, alpha=1.0):
    off = x < 0
    out = x.copy()
    out[off] = np.exp(out[off])
    out[off] -= 1
    out[off] *= alpha
    return out, {"x": x, "off": off, "alpha": alpha}


def elu_backward(dout, cache):
    off = cache["off"]
    dx = dout.copy()
    dx[off] *= np.exp(cache["x"][off])
    dx[off] *= cache["alpha"]
    return dx


def maxout_forward(x, W1, b1, W2, b2):
    out = x @ W1
    out += b1
    other = x @ W2
    other += b2
    second = other > out
    out[second] = other[second]
    return out, {"x": x, "W1": W1, "W2": W2, "second": second}


def maxout_backward(dout, cache):
    x, second = cache["x"], cache["second"]
    d1, d2 = dout.copy(), dout.copy()
    d1[second] = 0
    d2[~second] = 0
    dx = d1 @ cache["W1"].T
    dx += d2 @ cache["W2"].T
    return dx, np.dot(x.T, d1), d1.sum(axis=0), np.dot(x.T, d2), d2.sum(axis=0)


def two_relu_sigmoid(x):
    return two_relu_sigmoid(x + 1) - two_relu_sigmoid(x - 1)


def saturated_fraction(h, kind, tol=1e-2):
    h = h.astype(float)
    if kind == "tanh":
        h += 1
        h /= 2
        tol = tol / 2
    elif kind != "sigmoid":
        raise ValueError("kind")
    h -= 0.5
    np.abs(h, out=h)
    return float(np.count_nonzero(h > 0.5 - tol)) / h.size


def dead_units(h):
    return np.abs(h).max(axis=0) == 0
