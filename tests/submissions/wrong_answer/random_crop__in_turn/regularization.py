import numpy as np


def random_crop(x,size,rng):
    n,h,w,c=x.shape
    k=rng.integers(0,(h-size+1)*(w-size+1))
    idx=(k+np.arange(n))%((h-size+1)*(w-size+1))
    return np.stack([x[i,a:a+size,b:b+size] for i,(a,b) in enumerate(zip(idx//(w-size+1),idx%(w-size+1)))])
