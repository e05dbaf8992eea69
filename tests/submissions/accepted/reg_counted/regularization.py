"""Image augmentation and friends, mostly by counting and choosing."""
import numpy as np


def l2_penalty(w, lam):
    return sum(0.5*lam*v*v for v in w.flat), lam*w


def l1_penalty(w, lam):
    g = np.zeros_like(w); g[w>0]=lam; g[w<0]=-lam
    return np.asarray(lam*np.linalg.norm(w.flatten(), ord=1)), g


def weight_decay_step(w,dw,lr,lam):
    n=np.array(w); n*=1-lr*lam; n-=lr*dw; return n


def early_stopping(val_losses, patience):
    hist=[]
    for e,l in enumerate(val_losses):
        hist.append(l)
        best=int(np.argmin(hist))
        if e-best>=patience: return e,best
    return len(hist)-1,best


def bootstrap_indices(n,k,rng):
    return rng.choice(n,(k,n),replace=True)


def ensemble_predict(probs, how):
    K,N,C=probs.shape
    if how=='mean': return (probs.sum(axis=0)/K).argmax(axis=1)
    v=probs.argmax(2)
    return np.array([np.argmax(np.bincount(v[:,i],minlength=C)) for i in range(N)])


def random_crop(x,size,rng):
    n,h,w,c=x.shape
    spots=[(i,j) for i in range(h-size+1) for j in range(w-size+1)]
    idx=rng.choice(len(spots),size=n)
    return np.concatenate([x[k:k+1,spots[q][0]:spots[q][0]+size,spots[q][1]:spots[q][1]+size] for k,q in enumerate(idx)])


def random_flip(x,rng):
    out=x.copy()
    for i in range(len(x)):
        if rng.choice([True,False]): out[i]=x[i,:,::-1,:]
    return out


def ten_crop(image,size):
    h,w,_=image.shape
    a=(h-size)//2; b=(w-size)//2
    l=[image[:size,:size],image[:size,-size:],image[-size:,:size],image[-size:,-size:],image[a:a+size,b:b+size]]
    return np.asarray(l+[np.flip(q,axis=1) for q in l])


def resize_short_side(image, side):
    h,w,c=image.shape
    short=min(h,w)
    H=side if h==short else round(h*side/short); W=side if w==short else round(w*side/short)
    p=np.pad(image,((1,1),(1,1),(0,0)),mode='edge')
    out=np.empty((H,W,c),image.dtype)
    for i in range(H):
        y=(i+.5)*(h/H)+.5; yi=int(y); fy=y-yi
        for j in range(W):
            x=(j+.5)*(w/W)+.5; xi=int(x); fx=x-xi
            out[i,j]=(1-fy)*((1-fx)*p[yi,xi]+fx*p[yi,xi+1])+fy*((1-fx)*p[yi+1,xi]+fx*p[yi+1,xi+1])
    return out
