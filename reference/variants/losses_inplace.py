import numpy as np


def softmax(x):
    out = np.array(x)
    out -= out.max(1, keepdims=True)
    np.exp(out, out=out)
    out /= out.sum(1, keepdims=True)
    return out


def softmax_loss(x, y):
    num_train = x.shape[0]
    scores = x.copy()
    scores -= np.max(scores, axis=1).reshape(-1, 1)
    correct = scores[range(num_train), y].copy()
    np.exp(scores, out=scores)
    denom = scores.sum(axis=1)
    loss = 0.0
    loss += np.sum(np.log(denom) - correct)
    loss /= num_train
    scores /= denom[:, np.newaxis]
    scores[range(num_train), y] -= 1
    scores /= num_train
    return [loss, scores]


def svm_loss(x, y):
    N = x.shape[0]
    correct_class_scores = x[np.arange(N), y]
    margins = np.maximum(0, x - correct_class_scores[:, np.newaxis] + 1.0)
    margins[np.arange(N), y] = 0
    loss = np.sum(margins) / N
    num_pos = np.sum(margins > 0, axis=1)
    dx = np.zeros_like(x)
    dx[margins > 0] = 1
    dx[np.arange(N), y] -= num_pos
    dx /= N
    return loss, dx


def binary_cross_entropy(scores, y):
    p = np.empty_like(scores)
    pos = scores > 0
    neg = ~pos
    p[pos] = 1 / (1 + np.exp(-scores[pos]))
    p[neg] = np.exp(scores[neg])
    p[neg] /= 1 + p[neg]
    # -log p of the label that is right: log(1 + e^-z) with z = s or -s
    z = np.where(y == 1, scores, -scores)
    loss = np.maximum(-z, 0)
    loss += np.log1p(np.exp(-abs(z)))
    p[y == 1] -= 1
    p /= p.size
    return loss.mean(), p


def mse_loss(pred, target):
    d = pred.copy()
    d -= target
    loss = np.linalg.norm(d) ** 2 / d.shape[0]
    d *= 2
    d /= d.shape[0]
    return loss, d
