import numpy as np


def early_stopping(val_losses, patience):
    l=np.round(val_losses); best=0
    for e in range(len(l)):
        if l[e]<l[best]: best=e
        if e-best>=patience: break
    return e,best
