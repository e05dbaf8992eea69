import numpy as np


def random_crop(x,size,rng):
    n,h,w,c=x.shape
    t=np.repeat(rng.integers(0,h-size+1,n),2)[:n]; l=np.repeat(rng.integers(0,w-size+1,n),2)[:n]
    return np.stack([x[i,a:a+size,b:b+size] for i,(a,b) in enumerate(zip(t,l))])
