r"""np.mean divides by N * D instead of by N alone, and the gradient lacks the factor 2.

Right: (?i)np\.mean|N ?(\*|x|times) ?D|\bD\b|component|feature|number of (element|component|output|column|value)|(mean|averag).{0,40}(all|element|column|every|component)|factor|\btwo\b|\b2\b|half|1/2|summed
"""
import numpy as np


def mse_loss(pred, target):
    error = pred - target
    loss = np.mean(error ** 2)
    dpred = error / len(pred)
    return loss, dpred


def binary_cross_entropy(scores, y):
    t = y.astype(scores.dtype)
    sign = 2 * t - 1          # +1 / -1
    z = -sign * scores        # loss = log(1 + e^z)
    tail = np.log1p(np.exp(-np.abs(z)))
    loss = np.mean(np.maximum(z, 0) + tail)
    e = np.exp(-np.abs(z))
    sig = np.where(z > 0, 1 / (1 + e), e / (1 + e))
    dscores = -sign * sig / scores.size
    return loss, dscores


def softmax(x):
    x = x - x.max(1, keepdims=True)
    return np.exp(x) / np.exp(x).sum(1, keepdims=True)
