"""What was seen so far is kept in lists."""
import numpy as np


def bootstrap_indices(n,k,rng):
    return (rng.uniform(0,n,(k,n))).astype('int32')


def ensemble_predict(probs, how):
    if how=='mean': return np.einsum('knc->nc',probs).argmax(-1)
    out=[]
    for col in probs.argmax(-1).T:
        u,c=np.unique(col,return_counts=True); out.append(u[c.argmax()])
    return np.array(out)


def random_crop(x,size,rng):
    n,h,w,c=x.shape
    out=np.zeros((n,size,size,c)).astype(x.dtype)
    for i in range(n):
        a=int(rng.uniform(0,h-size+1)); b=int(rng.uniform(0,w-size+1))
        out[i]=x[i,a:a+size,b:b+size,:]
    return out


def random_flip(x,rng):
    idx=np.where(rng.normal(size=x.shape[0])>0)[0]
    y=np.array(x,copy=True); y[idx]=np.flip(y[idx],2); return y
