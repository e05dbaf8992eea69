import numpy as np


def sigmoid_forward(x):
    z = np.clip(x, -80, 500 if x.dtype == np.float64 else 80)
    z = np.clip(z, -700 if x.dtype == np.float64 else -80, None)
    out = 1 / (1 + np.exp(-z))
    return out, out


def sigmoid_backward(dout, cache):
    s = cache
    return dout * s * (1. - s)


def tanh_forward(x):
    out = 2 * sigmoid_forward(2 * x)[0] - 1
    return out, out


def tanh_backward(dout, cache):
    return dout * (1. - cache ** 2)


def relu_forward(x):
    out = x * (x > 0)
    return out, x > 0


def relu_backward(dout, cache):
    return np.where(cache, dout, 0.)


def leaky_relu_forward(x, slope=0.01):
    return relu_forward(x)[0] - slope * relu_forward(-x)[0], (x, slope)


def leaky_relu_backward(dout, cache):
    x, slope = cache
    return relu_backward(dout, x > 0) + slope * relu_backward(dout, x < 0)


def elu_forward(x, alpha=1.0):
    with np.errstate(over='ignore'):
        out = np.where(x > 0, x, alpha * (np.exp(x) - 1))
    return out, (x, alpha)


def elu_backward(dout, cache):
    x, alpha = cache
    with np.errstate(over='ignore'):
        return dout * np.where(x > 0, 1.0, alpha * np.exp(x)).astype(dout.dtype)
