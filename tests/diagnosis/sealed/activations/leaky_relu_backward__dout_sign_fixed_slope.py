r"""The sign of dout decides instead of the sign of x, and the slope is fixed at 0.01 whatever slope the forward pass was given.

Right: (?i)signs? of .{0,12}(dout|upstream|gradient)|(dout|upstream|incoming gradient).{0,40}(sign|mask|decid|positive|negative)|hard[- ]?coded|(fixed|constant|default|always|ignor)\w*.{0,40}(slope|0\.01)|(slope|0\.01).{0,50}(fixed|constant|default|always|ignor|not (used|passed|taken|the one)|hard)
"""
import numpy as np

# ---------- relu ----------

def relu_forward(x):
    mask = (x > 0)
    return np.where(mask, x, np.zeros_like(x)), mask


def relu_backward(dout, cache):
    return np.where(cache, dout, np.zeros_like(dout))


# ---------- leaky relu ----------

def leaky_relu_forward(x, slope=0.01):
    out = np.where(x > 0, x, slope * x)
    cache = (x, slope)
    return out, cache


def leaky_relu_backward(dout, cache):
    x, _ = cache
    dx = np.where(dout > 0, dout, 0.01 * dout)
    return dx


# ---------- elu ----------

def elu_forward(x, alpha=1.0):
    below = alpha * np.expm1(np.minimum(x, 0))
    return np.where(x > 0, x, below), (x, alpha)


def elu_backward(dout, cache):
    x, alpha = cache
    slope = np.where(x > 0, np.ones_like(x), alpha * np.exp(np.minimum(x, 0)))
    return dout * slope
