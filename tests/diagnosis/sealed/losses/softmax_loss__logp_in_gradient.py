r"""The gradient is formed from the log-probabilities instead of the probabilities: the exponential is missing before 1 is subtracted at the right class.

Right: (?i)log[- _]?(prob|softmax|p\b)|logarithm|exponential|\bexp\b.{0,30}(missing|forgot|not)|(missing|forgot\w*|without) .{0,20}\bexp\b|log of
"""
import numpy as np


def softmax(x):
    exps = np.exp(x - np.amax(x, axis=1)[:, None])
    return exps / np.sum(exps, axis=1)[:, None]


def softmax_loss(x, y):
    num_train = x.shape[0]

    # forward, everything in the log domain
    shifted = x - np.amax(x, axis=1)[:, None]
    log_probs = shifted - np.log(np.sum(np.exp(shifted), axis=1))[:, None]
    correct = log_probs[range(num_train), y]
    loss = -np.mean(correct)

    # backward
    dx = log_probs.copy()
    dx[range(num_train), y] -= 1
    dx = dx / num_train
    return loss, dx


def mse_loss(pred, target):
    N, D = pred.shape
    err = pred - target
    loss = np.einsum('nd,nd->', err, err) / N
    dpred = 2.0 / N * err
    return loss, dpred
