r"""The maximum is subtracted in place, which changes the caller's scores, and the denominator is the sum over the whole batch instead of over each row.

Right: (?i)in[- ]?place|modif|overwrit|\bcopy|(chang|alter|mutat)\w* .{0,30}(argument|input|score|\bx\b|caller)|(argument|input|scores|\bx\b).{0,30}(chang|alter|mutat)|(whole|entire) (batch|array|matrix)|(each|every|per|own|by) (row|example)|row[- ](by|wise)|\baxis\b|all (the )?(rows|examples|elements|scores|entries)|batch|keepdims
"""
import numpy as np


def softmax(x):
    x -= x.max(axis=1, keepdims=True)
    p = np.exp(x)
    p = p / p.sum()
    return p


def _log_softmax(s):
    s = s - s.max(axis=1, keepdims=True)
    return s - np.log(np.exp(s).sum(axis=1, keepdims=True))


def softmax_loss(x, y):
    N = len(x)
    lp = _log_softmax(x)
    loss = -lp[np.arange(N), y].mean()
    dx = np.exp(lp)
    dx[np.arange(N), y] -= 1.0
    return loss, dx / N


def svm_loss(x, y):
    N = len(x)
    idx = np.arange(N)
    m = x - x[idx, y].reshape(-1, 1) + 1
    m[idx, y] = 0
    m = np.maximum(m, 0)
    loss = m.sum() / N
    g = (m > 0).astype(x.dtype)
    g[idx, y] = -g.sum(axis=1)
    return loss, g / N
