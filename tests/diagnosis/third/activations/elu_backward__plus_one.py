r"""Below 0 the derivative is out + alpha, but out + 1 was written, which is the same only if alpha is 1.

Right: (?i)out ?\+ ?(1|alpha)|alpha.{0,60}(1|one|ignor|forgot|missing|left out|lacks?|absent|default|only)|(without|forgets?|ignor\w*|missing|lacks?|leaves? out|only|no) .{0,40}alpha
"""
import numpy as np


def elu_forward(x, alpha=1.0):
    negative = x <= 0
    out = np.array(x)
    out[negative] = alpha * (np.exp(x[negative]) - 1)
    return out, (negative, out, alpha)


def elu_backward(dout, cache):
    negative, out, alpha = cache
    # derivative from the output, so that exp is not needed again
    local = np.ones_like(out)
    local[negative] = out[negative] + 1
    dx = local * dout
    return dx


def tanh_forward(x):
    t = np.tanh(x)
    return t, t


def tanh_backward(dout, cache):
    t = cache
    dx = (1 - t ** 2) * dout
    return dx


def sigmoid_forward(x):
    s = np.empty_like(x)
    p = x >= 0
    s[p] = 1 / (1 + np.exp(-x[p]))
    ex = np.exp(x[~p])
    s[~p] = ex / (1 + ex)
    return s, s


def sigmoid_backward(dout, cache):
    s = cache
    return dout * s * (1 - s)
