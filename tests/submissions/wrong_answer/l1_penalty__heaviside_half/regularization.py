import numpy as np


def l1_penalty(w, lam):
    return lam*np.sum(np.abs(w)), (lam*np.where(w>0,1,np.where(w<0,-1,.5))).astype(w.dtype)
