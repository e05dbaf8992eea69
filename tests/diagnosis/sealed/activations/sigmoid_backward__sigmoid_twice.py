r"""The cache already holds the output of the sigmoid, but the backward pass puts it through the sigmoid once more before it forms s * (1 - s).

Right: (?i)(sigmoid|squash|activation|logistic).{0,60}(twice|again|second time|once more|two times|already)|(twice|again|second time|once more|already).{0,60}(sigmoid|squash|output|activation|cache)|double.{0,20}sigmoid|sigmoid of (the )?(sigmoid|output|out\b)
"""
import numpy as np


def _sigm(z):
    # never exponentiate something large and positive
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


def sigmoid_forward(x):
    out = _sigm(x)
    return out, out


def sigmoid_backward(dout, cache):
    s = _sigm(cache)
    ds = s * (1 - s)
    return dout * ds


def tanh_forward(x):
    out = np.tanh(x)
    return out, out


def tanh_backward(dout, cache):
    return dout * (1 - cache * cache)


def relu_forward(x):
    return np.maximum(x, 0), x


def relu_backward(dout, cache):
    return dout * (cache > 0)
