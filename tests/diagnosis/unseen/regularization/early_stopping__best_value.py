"""The lowest loss is returned, not its epoch.

Right: loss|value
"""

import numpy as np


def early_stopping(val_losses, patience):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss < val_losses[best]:
            best = epoch
        if epoch - best >= patience:
            return epoch, float(val_losses[best])
    return len(val_losses) - 1, float(val_losses[best])
