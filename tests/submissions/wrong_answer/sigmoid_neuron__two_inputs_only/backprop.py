import numpy as np


def sigmoid(z):
    if z > 0:
        return 1 / (1 + np.exp(-z))
    return np.exp(z) / (1 + np.exp(z))


def sigmoid_neuron(w, x):
    z = w[-1]
    for i in range(2):
        z = z + w[i] * x[i]
    out = sigmoid(z)
    dz = out * (1 - out)
    dw = np.concatenate((x * dz, np.array([dz], dtype=x.dtype)))
    dx = w[:-1] * dz
    return out, dw, dx
