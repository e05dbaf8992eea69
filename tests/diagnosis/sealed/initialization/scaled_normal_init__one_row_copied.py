r"""Only one row of n_out numbers is drawn and copied for every input unit, so all the rows of W are equal.

Right: (?i)rows?\b|same (weight|draw|number|value|vector)|cop(y|ied|ies)|repeat|tile|broadcast|equal|identical|(draw|number|sample)s? of (its|their) own|own draw|independent|only n_out|distinct|duplicate
"""
import numpy as np


def zeros_init(n_in, n_out):
    W = np.zeros(shape=(n_in, n_out), dtype=np.float64)
    return W


def scaled_normal_init(n_in, n_out, std, rng):
    # one random number per neuron of the layer, then the matrix
    per_neuron = std * rng.standard_normal(n_out)
    W = np.ones((n_in, n_out)) * per_neuron
    return W


def xavier_uniform(n_in, n_out, rng):
    total = n_in + n_out
    a = (6 / total) ** 0.5
    W = np.empty((n_in, n_out))
    for i in range(n_in):
        W[i] = rng.uniform(-a, a, n_out)
    return W


def he_uniform(n_in, n_out, rng):
    a = (6 / n_in) ** 0.5
    W = np.empty((n_in, n_out))
    for i in range(n_in):
        W[i] = rng.uniform(-a, a, n_out)
    return W


def relu_bias(n_out, value=0.01):
    b = np.zeros(n_out)
    b += value
    return b
