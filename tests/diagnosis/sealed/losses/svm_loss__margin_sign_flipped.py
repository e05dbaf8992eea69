r"""The margin is taken the wrong way round, right score minus other score plus 1, so a good classifier is punished and the gradient points the other way.

Right: (?i)\bsigns?\b|(wrong|other) way|revers|swap|flip|invert|opposite|exchang|interchang|turned around|(right|correct) (class|score).{0,40}(minus|subtract)|other direction|mirror|negated
"""
import numpy as np


def svm_loss(x, y):
    N, C = x.shape
    loss = 0.0
    dx = np.zeros_like(x)
    for i in range(N):
        right = y[i]
        for k in range(C):
            if k == right:
                continue
            margin = x[i, right] - x[i, k] + 1
            if margin > 0:
                loss += margin
                dx[i, right] += 1
                dx[i, k] -= 1
    return loss / N, dx / N


def softmax(x):
    p = np.zeros_like(x)
    for i in range(x.shape[0]):
        e = np.exp(x[i] - max(x[i]))
        p[i] = e / sum(e)
    return p


def softmax_loss(x, y):
    N, C = x.shape
    loss = 0.0
    dx = np.zeros_like(x)
    for i in range(N):
        s = x[i] - max(x[i])
        log_z = np.log(np.sum(np.exp(s)))
        loss += log_z - s[y[i]]
        dx[i] = np.exp(s - log_z)
        dx[i, y[i]] -= 1
    return loss / N, dx / N
