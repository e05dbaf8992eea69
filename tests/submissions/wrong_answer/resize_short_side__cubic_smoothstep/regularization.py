import numpy as np


def resize_short_side(image, side):
    h,w,c=image.shape
    s=side/min(h,w); H,W=round(h*s),round(w*s)
    def ax(n,m):
        p=np.clip((np.arange(m)+.5)*n/m-.5,0,n-1); a=np.floor(p).astype(int); t=p-a; return a,np.minimum(a+1,n-1),t*t*(3-2*t)
    a,b,t=ax(h,H); e,f,u=ax(w,W); t=t[:,None,None]; u=u[None,:,None]
    r=image[a]*(1-t)+image[b]*t
    return (r[:,e]*(1-u)+r[:,f]*u).astype(image.dtype)
