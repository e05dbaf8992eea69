import numpy as np


def random_flip(x,rng):
    f=rng.random(len(x))<0.5
    return np.concatenate([x[f][:,:,::-1],x[~f]])
