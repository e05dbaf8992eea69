"""Gathers and masks."""
import numpy as np


def l2_penalty(w, lam):
    w2 = w.reshape(1,-1) @ w.reshape(-1,1)
    return (lam*0.5*w2).item(), np.array(w*lam)


def l1_penalty(w, lam):
    return lam*np.sqrt(w*w).sum(), lam*((w>0)*1.0-(w<0)*1.0).astype(w.dtype)


def early_stopping(val_losses, patience):
    m=np.minimum.accumulate(val_losses)
    first=np.searchsorted(-m,-m)
    e=np.arange(len(m)); hit=np.nonzero(e-first>=patience)[0]
    s=np.int64(hit[0]) if len(hit) else np.int64(len(m)-1)
    return s,first[s]


def bootstrap_indices(n,k,rng):
    return np.sort(rng.integers(0,n,(k,n)),axis=1)


def ensemble_predict(probs, how):
    if how=='mean': return np.argmax(probs.astype(float).mean(0),axis=1).astype(np.int8)
    s=np.zeros(probs.shape[1:],int); v=np.argmax(probs,-1)
    np.add.at(s,(np.arange(v.shape[1])[None,:].repeat(len(v),0),v),1)
    return s.argmax(1)


def random_crop(x,size,rng):
    n,h,w,c=x.shape
    t=rng.integers(low=0,high=h-size,size=n,endpoint=True); l=rng.integers(low=0,high=w-size,size=n,endpoint=True)
    m=((np.arange(h)>=t[:,None])&(np.arange(h)<t[:,None]+size))
    k=((np.arange(w)>=l[:,None])&(np.arange(w)<l[:,None]+size))
    return x[m[:,:,None]&k[:,None,:]].reshape(n,size,size,c)


def random_flip(x,rng):
    n,h,w,c=x.shape
    cols=np.where(rng.random((n,1))>=.5,np.arange(w),np.arange(w)[::-1])
    return x[np.arange(n)[:,None],:,cols].transpose(0,2,1,3)


def ten_crop(image,size):
    def five(im, swap):
        h,w=im.shape[:2]; a=(h-size)//2; b=(w-size)//2
        q=[im[:size,:size],im[:size,w-size:],im[h-size:,:size],im[h-size:,w-size:],im[a:a+size,b:b+size]]
        return [q[1],q[0],q[3],q[2],q[4]] if swap else q
    return np.stack(five(image,False)+five(image[:,::-1],True))


def resize_short_side(image, side):
    h,w,c=image.shape
    s=side/min(h,w)
    H,W=int(np.floor(h*s+.5)),int(np.floor(w*s+.5))
    ys=np.clip((np.arange(H)+.5)*h/H-.5,0,h-1); xs=np.clip((np.arange(W)+.5)*w/W-.5,0,w-1)
    y0=np.floor(ys).astype(int); x0=np.floor(xs).astype(int)
    y1=np.clip(y0+1,None,h-1); x1=np.clip(x0+1,None,w-1)
    wy=(ys-y0)[:,None,None]; wx=(xs-x0)[None,:,None]
    top=image[y0][:,x0]*(1-wx)+image[y0][:,x1]*wx
    bot=image[y1][:,x0]*(1-wx)+image[y1][:,x1]*wx
    return (top*(1-wy)+bot*wy).astype(image.dtype)
