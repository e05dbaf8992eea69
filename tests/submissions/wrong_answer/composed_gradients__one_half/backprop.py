import numpy as np


def sigmoid(z):
    if z > 0:
        return 1 / (1 + np.exp(-z))
    return np.exp(z) / (1 + np.exp(z))


def composed_gradients(w1, w2, x, y):
    z1 = w1 * x
    a1 = np.tanh(z1)
    z2 = w2 * a1
    a2 = sigmoid(z2)
    dw2 = (a2 - y) * a2 * (1 - a2) * a1
    dw1 = 2 * (a2 - y) * a2 * (1 - a2) * w2 * (1 - a1**2) * x
    return dw1, dw2
