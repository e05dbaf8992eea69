import numpy as np
from common import *


class Loss:
    """callable, with the gradient as a method"""
    def __call__(self, a, b):
        return self.value(a, b), self.gradient(a, b)


class Softmax(object):
    def __call__(self, x):
        top = np.sort(x, axis=1)[:, -1:]
        e = np.power(np.e, x - top).astype(x.dtype)
        return np.divide(e.T, e.sum(axis=1)).T           # Fortran order


softmax = Softmax()


def softmax_loss(x, y):
    n, rows = len(y), np.arange(len(y))
    # p_y = 1 / sum_k exp(x_k - x_y);  -log p_y = log1p(sum over k != y)
    d = x - x[rows, y][:, np.newaxis]
    m = d.max(axis=1)
    loss = sum((m + np.log(np.exp(d - m[:, None]).sum(axis=1))).tolist()) / n
    dx = softmax(x)
    np.subtract.at(dx, (rows, y), 1)
    return loss, np.true_divide(dx, n)


class Hinge(Loss):
    def terms(self, x, y):
        keep = np.ones(x.shape, dtype=bool)
        keep[range(len(y)), y] = False
        m = (x.T - np.diagonal(x[:, y])).T + 1
        return np.where(keep, m, 0)

    def value(self, x, y):
        return np.maximum(self.terms(x, y), 0).sum(axis=1).mean()

    def gradient(self, x, y):
        on = self.terms(x, y) > 0
        counts = np.zeros_like(x)
        counts[np.arange(len(y)), y] = on.sum(axis=1)
        return (on - counts) / len(x)


svm_loss = Hinge()


def binary_cross_entropy(scores, y):
    y = y.astype(scores.dtype)
    loss = np.mean(np.logaddexp(0, scores) - y * scores)
    p = 1 / (1 + np.exp(-np.clip(scores, -80, 80)))
    return loss, (p - y) / len(y)


def mse_loss(pred, target):
    d = np.subtract(target, pred)
    return np.trace(d @ d.T) / len(d), -2. / len(d) * d
