"""Losses. One decorator brings in the 1/N, log-domain everywhere."""
import typing as t
from functools import reduce, wraps

import numpy as np

from nn_utils import keeps_dtype, softplus


class LossGrad(t.NamedTuple):
    loss: float
    grad: np.ndarray


def batch_mean(total):
    """Make the mean loss out of a summed one."""
    @wraps(total)
    def mean(a, b):
        loss, grad = total(a, b)
        return LossGrad(np.divide(loss, len(a)), (grad / len(a)).astype(a.dtype, copy=False))
    return mean


def log_softmax(x):
    return x - np.logaddexp.reduce(x, axis=-1, keepdims=True)


def softmax(x):
    return np.exp(log_softmax(x))


@batch_mean
def softmax_loss(x, y):
    target = np.eye(x.shape[1], dtype=x.dtype)[y]
    logp = log_softmax(x)
    return -np.einsum("nc,nc", target, logp), np.exp(logp) - target


@batch_mean
def svm_loss(x, y):
    target = np.eye(x.shape[1], dtype=x.dtype)[y]
    margins = x - np.take_along_axis(x, y[:, None], 1) + (1 - target)
    active = (margins > 0) * (1 - target)
    return (margins * active).sum(), active - target * active.sum(1, keepdims=True)


@batch_mean
def binary_cross_entropy(scores, y):
    sign = 1 - 2 * np.asarray(y, dtype=scores.dtype)       # +1 for label 0, -1 for label 1
    z = sign * scores
    return softplus(z).sum(), sign * np.exp(-softplus(-z))


@batch_mean
def mse_loss(pred, target):
    r = pred - target
    return np.linalg.norm(r) ** 2, r + r
