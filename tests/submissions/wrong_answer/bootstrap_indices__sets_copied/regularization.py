import numpy as np


def bootstrap_indices(n,k,rng):
    a=rng.integers(0,n,(max(k//2,1),n)); return np.concatenate([a]*3)[:k]
