import numpy as np


def random_flip(x,rng):
    o=x.copy(); n=len(x); f=np.arange(n)<n//2
    if rng.random()<.5: f=~f
    o[f]=o[f][:,:,::-1]; return o
