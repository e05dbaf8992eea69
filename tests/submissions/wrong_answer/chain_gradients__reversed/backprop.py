import numpy as np


def sigmoid(z):
    if z > 0:
        return 1 / (1 + np.exp(-z))
    return np.exp(z) / (1 + np.exp(z))


def chain_gradients(w, x, y):
    n = len(w)
    h = [0] * (n + 1)
    h[0] = x
    for i in range(1, n + 1):
        h[i] = sigmoid(w[i - 1] * h[i - 1])
    delta = (h[n] - y) * h[n] * (1 - h[n])
    dw = [0] * n
    for i in range(n, 0, -1):
        dw[i - 1] = delta * h[i - 1]
        if i > 1:
            delta = delta * w[i - 1] * h[i - 1] * (1 - h[i - 1])
    return dw[::-1]
