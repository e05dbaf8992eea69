import numpy as np


def bootstrap_indices(n,k,rng):
    return np.rint(rng.random((k,n))*(n-1)).astype(int)
