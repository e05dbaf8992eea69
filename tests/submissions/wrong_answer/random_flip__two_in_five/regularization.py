import numpy as np


def random_flip(x,rng):
    f=rng.random(len(x))<0.4
    o=x.copy(); o[f]=o[f][:,:,::-1]; return o
