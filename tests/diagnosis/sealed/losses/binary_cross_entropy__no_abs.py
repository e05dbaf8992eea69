r"""The stable form needs exp(-|s|); with exp(-s) the loss of every negative score is too large, and large negative scores overflow.

Right: (?i)\babs|absolute|negative score|\|s|overflow|scores? (below|under|less than|smaller than) (0|zero)|softplus|infinit|\binf\b|exp\(
"""
import numpy as np


def binary_cross_entropy(scores, y):
    y = y.astype(scores.dtype)
    m = scores.size

    # -y log p - (1-y) log(1-p)  =  max(s, 0) - s y + log(1 + e^..)
    per_example = np.maximum(scores, 0) - scores * y + np.log1p(np.exp(-scores))
    loss = np.sum(per_example) / m

    q = np.exp(-np.abs(scores))
    p = np.where(scores >= 0, 1 / (1 + q), q / (1 + q))
    dscores = (p - y) / m
    return loss, dscores


def mse_loss(pred, target):
    m = pred.shape[0]
    d = pred - target
    return np.sum(np.square(d)) / m, 2 * d / m
