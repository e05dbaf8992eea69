import numpy as np


def random_crop(x,size,rng):
    n,h,w,c=x.shape
    t=rng.integers(0,h-size+1,n); l=rng.integers(0,w-size+1,n)
    t=np.sort(t)
    return np.stack([x[i,a:a+size,b:b+size] for i,(a,b) in enumerate(zip(t,l))])
