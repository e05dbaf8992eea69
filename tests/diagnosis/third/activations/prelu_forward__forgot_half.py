r"""x - |x| is twice the negative part of x; without the factor 1/2 the side below 0 comes out at slope 2 * alpha.

Right: (?i)\btwice\b|\bhalf\b|halv|factor (of )?(2|two|0\.5|1/2)|0\.5|1/2|2 ?\*? ?alpha|doubl|two times|(negative|below (0|zero)).{0,50}(too (large|big|steep)|slope)
"""
import numpy as np


def _per_channel(alpha, x):
    """alpha ready to be multiplied with x, channels are axis 1"""
    if np.ndim(alpha) == 0:
        return alpha
    shape = [1] * x.ndim
    shape[1] = alpha.shape[0]
    return alpha.reshape(shape)


def prelu_forward(x, alpha):
    # closed form without a mask, as in the keras source
    a = _per_channel(alpha, x)
    pos = np.maximum(x, 0)
    neg = a * (x - np.abs(x))
    out = pos + neg
    return out, (x, alpha)


def prelu_backward(dout, cache):
    x, alpha = cache
    a = _per_channel(alpha, x)
    is_neg = x <= 0
    dx = np.where(is_neg, a * dout, dout)
    contrib = x * dout * is_neg
    if np.ndim(alpha) == 0:
        dalpha = contrib.sum()
    else:
        axes = tuple(i for i in range(x.ndim) if i != 1)
        dalpha = contrib.sum(axis=axes)
    return dx, dalpha


def leaky_relu_forward(x, slope=0.01):
    out = x * np.where(x > 0, 1.0, slope).astype(x.dtype)
    return out, (x, slope)


def leaky_relu_backward(dout, cache):
    x, slope = cache
    return dout * np.where(x > 0, 1.0, slope).astype(dout.dtype)
