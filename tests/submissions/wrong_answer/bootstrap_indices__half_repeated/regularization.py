import numpy as np


def bootstrap_indices(n,k,rng):
    a=np.stack([rng.choice(n,n,replace=False) for _ in range(k)])
    h=n//2+1; a[:, h:]=a[:, :n-h]; return a
