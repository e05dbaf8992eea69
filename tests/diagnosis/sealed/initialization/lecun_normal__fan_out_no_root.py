r"""Two slips: the variance is handed to rng.normal as if it were the standard deviation (no square root), and it is made of n_out in place of n_in.

Right: (?i)n_out|fan.?out|n_in|fan.?in|units (after|before)|standard deviation|\bstd\b|square root|\bsqrt\b|1 ?/ ?n\b
"""
import numpy as np


def scaled_normal_init(n_in, n_out, std, rng):
    """Normal(0, std^2)."""
    return rng.normal(loc=0.0, scale=std, size=(n_in, n_out))


def lecun_normal(n_in, n_out, rng):
    """Normal with variance 1/n."""
    variance = 1.0 / n_out
    weights = rng.normal(loc=0.0, scale=variance, size=(n_in, n_out))
    return weights


def he_normal(n_in, n_out, rng):
    """Normal with variance 2/n_in."""
    variance = 2.0 / n_in
    weights = rng.normal(loc=0.0, scale=np.sqrt(variance), size=(n_in, n_out))
    return weights
