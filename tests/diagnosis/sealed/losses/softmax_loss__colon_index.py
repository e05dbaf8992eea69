r"""Indexing with [:, y] takes for every example the columns of the labels of all examples, instead of pairing row i with y[i].

Right: (?i)index|\[:, ?y\]|arange|(all|other|every|whole).{0,25}(labels|examples|rows|batch)|(label|class)\w*.{0,30}(of )?(other|all|every|each|its own)|pair|own (label|class|right class)|each row|N x N|N, N|fancy
"""
import numpy as np


def softmax(x):
    """Numerically stable softmax."""
    z = x - np.max(x, axis=-1, keepdims=True)
    ez = np.exp(z)
    return ez / ez.sum(axis=-1, keepdims=True)


def softmax_loss(x, y):
    """Cross entropy of the softmax, gradient (p - onehot) / N."""
    N = x.shape[0]
    z = x - np.max(x, axis=-1, keepdims=True)
    logp = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))

    loss = -np.mean(logp[:, y])

    dx = np.exp(logp)
    dx[:, y] -= 1
    dx /= N
    return loss, dx


def svm_loss(x, y):
    """Multi-class hinge loss with margin 1."""
    N = x.shape[0]
    right = np.take_along_axis(x, y[:, None], axis=1)
    margins = np.maximum(0, x - right + 1)
    np.put_along_axis(margins, y[:, None], 0, axis=1)
    loss = margins.sum() / N

    dx = np.zeros_like(x)
    dx[margins > 0] = 1
    counts = np.count_nonzero(margins, axis=1)
    dx[np.arange(N), y] -= counts.astype(x.dtype)
    dx /= N
    return loss, dx
