import numpy as np


def random_crop(x,size,rng):
    n,h,w,c=x.shape
    t=rng.integers(0,h-size+1,n); l=np.minimum(t,w-size)
    return np.stack([x[i,a:a+size,b:b+size] for i,(a,b) in enumerate(zip(t,l))])
