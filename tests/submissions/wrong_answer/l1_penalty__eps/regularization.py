import numpy as np


def l1_penalty(w, lam):
    return lam*np.sum(np.abs(w)), lam*w/(np.abs(w)+1e-3)
