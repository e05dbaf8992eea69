"""Nothing is scaled in training; inference multiplies by p.

Right: scale|inference|divided by p
"""

import numpy as np


def dropout_forward(x, dropout_param):
    p, mode = dropout_param["p"], dropout_param["mode"]
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    if mode == "train":
        mask = np.random.random_sample(x.shape) < p
        return (x * mask).astype(x.dtype), (mode, mask, p)
    if mode == "test":
        return (x * p).astype(x.dtype), (mode, None, p)
    raise ValueError(mode)
