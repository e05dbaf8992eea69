import math

import numpy as np


def softmax(x):
    p = np.zeros_like(x)
    for i in range(x.shape[0]):
        biggest = max(x[i])
        total = 0.0
        for k in range(x.shape[1]):
            p[i, k] = math.exp(x[i, k] - biggest)
            total += float(p[i, k])
        for k in range(x.shape[1]):
            p[i, k] /= total
    return p


def softmax_loss(x, y):
    N, C = x.shape
    loss = 0.0
    dx = np.zeros_like(x)
    for i in range(N):
        biggest = float(max(x[i]))
        total = 0.0
        for k in range(C):
            total += math.exp(float(x[i, k]) - biggest)
        loss += math.log(total) + biggest - float(x[i, y[i]])
        for k in range(C):
            prob = math.exp(float(x[i, k]) - biggest) / total
            if k == y[i]:
                dx[i, k] = (prob - 1) / N
            else:
                dx[i, k] = prob / N
    return loss / N, dx


def svm_loss(x, y):
    N, C = x.shape
    loss = 0.0
    dx = np.zeros(x.shape, dtype=x.dtype)
    for i in range(N):
        for k in range(C):
            if k == y[i]:
                continue
            margin = x[i, k] - x[i, y[i]] + 1
            if margin > 0:
                loss += margin
                dx[i, k] += 1
                dx[i, y[i]] -= 1
    loss /= N
    dx /= N
    return loss, dx


def binary_cross_entropy(scores, y):
    flat = scores.reshape(-1)
    labels = y.reshape(-1)
    N = len(flat)
    total = 0.0
    grad = np.zeros(N, dtype=scores.dtype)
    for i in range(N):
        s = float(flat[i])
        t = float(labels[i])
        if s >= 0:
            e = math.exp(-s)
            p = 1 / (1 + e)
            total += math.log1p(e) + (1 - t) * s
        else:
            e = math.exp(s)
            p = e / (1 + e)
            total += math.log1p(e) - t * s
        grad[i] = (p - t) / N
    return total / N, grad.reshape(scores.shape)


def mse_loss(pred, target):
    N, D = pred.shape
    loss = 0
    dpred = np.empty_like(pred)
    for i in range(N):
        for d in range(D):
            diff = pred[i, d] - target[i, d]
            loss += diff * diff
            dpred[i, d] = 2 * diff / N
    return loss / N, dpred
