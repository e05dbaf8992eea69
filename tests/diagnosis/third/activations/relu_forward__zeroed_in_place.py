r"""The output is the same array as the input, so zeroing the negative entries of the output overwrites the caller's x.

Right: (?i)in[- ]?place|modif|overwrit|\bcopy|alias|same array|(chang|alter|mutat|destroy)\w* .{0,30}(argument|input|\bx\b|caller)|(argument|input|\bx\b).{0,30}(chang|alter|mutat|destroy)
"""
import numpy as np


def relu_forward(x):
    out = x
    out[out < 0] = 0
    cache = out
    return out, cache


def relu_backward(dout, cache):
    out = cache
    dx = dout.copy()
    dx[out <= 0] = 0
    return dx


def leaky_relu_forward(x, slope=0.01):
    out = x.copy()
    neg = x < 0
    out[neg] = out[neg] * slope
    cache = (neg, slope)
    return out, cache


def leaky_relu_backward(dout, cache):
    neg, slope = cache
    dx = dout.copy()
    dx[neg] = dx[neg] * slope
    return dx


def two_relu_sigmoid(x):
    left = np.maximum(x + 1, 0)
    right = np.maximum(x - 1, 0)
    return left - right


def dead_units(h):
    dead = np.all(h == 0, axis=0)
    return dead
