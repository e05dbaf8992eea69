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
    dx[cache["off"]] = 0
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
    raise NotImplementedError


def prelu_backward(dout, cache):
    raise NotImplementedError


def elu_forward(x, alpha=1.0):
    raise NotImplementedError


def elu_backward(dout, cache):
    raise NotImplementedError


def maxout_forward(x, W1, b1, W2, b2):
    raise NotImplementedError


def maxout_backward(dout, cache):
    raise NotImplementedError


def two_relu_sigmoid(x):
    out = x + 1
    out[out < 0] = 0
    out[out > 2] = 2
    return out


def saturated_fraction(h, kind, tol=1e-2):
    raise NotImplementedError


def dead_units(h):
    return np.abs(h).max(axis=0) == 0
