import numpy as np


def weight_decay_step(w,dw,lr,lam):
    return (w-lr*dw)*(1-lam)
