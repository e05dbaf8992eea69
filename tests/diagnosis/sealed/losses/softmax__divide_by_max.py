r"""The scores of a row are divided by the largest one instead of having it subtracted, which changes the probabilities.

Right: (?i)divid\w*.{0,40}(max|largest|biggest|greatest)|(max|largest|biggest|greatest).{0,40}(divid|instead|not subtract)|(not|instead of|rather than|should be|must be|having).{0,25}(subtract|minus|taken? (from|away|off)|shift)|scal(ed|es|ing)|ratio|temperature
"""
import numpy as np


def softmax(x):
    # normalise the row first, the exponential cannot overflow then
    row_max = np.max(x, axis=1, keepdims=True)
    x_norm = x / row_max
    e = np.exp(x_norm)
    return e / np.sum(e, axis=1, keepdims=True)


def softmax_loss(x, y):
    n = x.shape[0]
    z = x - np.max(x, axis=1, keepdims=True)
    log_sum = np.log(np.sum(np.exp(z), axis=1, keepdims=True))
    logp = z - log_sum
    rows = np.arange(n)
    loss = -np.sum(logp[rows, y]) / n
    dx = np.exp(logp)
    dx[rows, y] -= 1
    dx /= n
    return loss, dx


def mse_loss(pred, target):
    n = pred.shape[0]
    diff = pred - target
    loss = np.sum(diff ** 2) / n
    return loss, 2 * diff / n
