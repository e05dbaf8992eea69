import numpy as np


def random_flip(x,rng):
    o=x.copy()
    for i in range(len(x)):
        if rng.random()<.5 and rng.random()<.5: o[i]=x[i][:,::-1]
    return o
