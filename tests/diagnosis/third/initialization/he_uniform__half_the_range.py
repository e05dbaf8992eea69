r"""The numbers of [0, 1) are shifted by one half and multiplied by a alone, so the weights lie between -a/2 and a/2 and their variance is four times too small.

Right: (?i)half (of )?(the|as|of|that)?.*(range|interval|wide|bound|width)|(range|interval|bound|limit|width).*(half|too (small|narrow)|a ?/ ?2|2 ?\* ?a|twice)|a ?/ ?2|(variance|spread).*(quarter|four times|4 times|too small|half)|factor (of )?(2|two|4|four)|too (small|narrow)|quarter|0\.25|1 ?/ ?4
"""
import numpy as np


def bound(fan):
    return np.sqrt(6.0 / fan)


def xavier_normal(n_in, n_out, rng):
    sigma = np.sqrt(2.0 / (n_in + n_out))
    return sigma * rng.standard_normal(size=(n_in, n_out))


def xavier_uniform(n_in, n_out, rng):
    a = bound(n_in + n_out)
    return rng.uniform(-a, a, size=(n_in, n_out))


def he_normal(n_in, n_out, rng):
    sigma = np.sqrt(2.0 / n_in)
    return sigma * rng.standard_normal(size=(n_in, n_out))


def he_uniform(n_in, n_out, rng):
    # random() is in [0, 1): move it so that it is centred on 0, then stretch
    a = bound(n_in)
    u = rng.random((n_in, n_out))
    W = (u - 0.5) * a
    return W
