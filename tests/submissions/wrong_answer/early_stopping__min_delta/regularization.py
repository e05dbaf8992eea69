import numpy as np


def early_stopping(val_losses, patience):
    best=0
    for e in range(len(val_losses)):
        if val_losses[e]<val_losses[best]-0.5: best=e
        if e-best>=patience: break
    return e,best
