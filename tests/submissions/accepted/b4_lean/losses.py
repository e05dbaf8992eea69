import numpy as np


@np.errstate(over='ignore')
def softmax(x):
    # p_k = 1 / sum_j exp(x_j - x_k)
    return 1 / np.exp(x[:, :, None] - x[:, None, :]).sum(axis=1)

def lse(x):
    m = np.max(x, axis=1)
    return m + np.log(np.sum(np.exp((x.T - m).T), axis=1))

def softmax_loss(x, y):
    N, C = x.shape
    picked = x.ravel()[np.arange(N) * C + y]
    g = np.exp(x - lse(x).reshape(N, 1))
    g.ravel()[np.arange(N) * C + y] -= 1
    return np.average(lse(x) - picked), g / N

def svm_loss(x, y):
    N = len(x)
    s_y = np.choose(y, x.T).reshape(-1, 1)
    m = np.maximum(x - s_y + 1, 0)
    loss = m.sum() / N - 1                      # the right class has added 1 each time
    g = np.sign(m)
    np.put_along_axis(g, y[:, None], 1 - g.sum(1, keepdims=True), 1)
    return loss, g / N

def binary_cross_entropy(scores, y):
    s = scores.ravel()
    loss, d = softmax_loss(np.column_stack((np.zeros_like(s), s)), y.ravel().astype(int))
    return loss, d[:, 1].reshape(scores.shape)

def mse_loss(pred, target):
    N, D = pred.shape
    d = pred - target
    return D * np.mean(d ** 2), d * (2 / N)
