import numpy as np


def early_stopping(val_losses, patience):
    for e in range(patience,len(val_losses)):
        if val_losses[e]>=val_losses[e-patience]: return e,int(np.argmin(val_losses[:e+1]))
    return len(val_losses)-1,int(np.argmin(val_losses))
