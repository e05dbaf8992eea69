import numpy as np


def random_crop(x,size,rng):
    n,h,w,c=x.shape
    out=np.zeros((n,size,size,c),x.dtype)
    for i in range(n):
        for ch in range(c):
            a,b=rng.integers(0,h-size+1),rng.integers(0,w-size+1); out[i,:,:,ch]=x[i,a:a+size,b:b+size,ch]
    return out
