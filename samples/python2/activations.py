import numpy as np


def sigmoid_forward(x):
    out = 1 / (1 + np.exp(-x))
    print "sigmoid:", out.mean()
    return out, out
