import numpy as np


def random_flip(x,rng):
    o=x.copy()
    for i in range(len(x)):
        if rng.random()<.5: o[i]=x[i][:,::-1]
        if rng.random()<.5: o[i]=o[i][::-1].copy()
    return o
