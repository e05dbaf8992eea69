"""Inference multiplies by p twice.

Right: \bp\b
"""

import numpy as np


def dropout_forward_unscaled(x, dropout_param):
    p, mode = dropout_param["p"], dropout_param["mode"]
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    if mode == "train":
        mask = np.random.random_sample(x.shape) < p
        return x * mask, mask
    if mode == "test":
        return (x * p * p).astype(x.dtype), None
    raise ValueError(mode)
