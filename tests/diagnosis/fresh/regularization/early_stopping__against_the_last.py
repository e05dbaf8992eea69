"""Each loss is compared with the one before it, not with the best one.

Right: before|previous|best|last
"""

import numpy as np


def early_stopping(val_losses, patience):
    bad = 0
    for epoch in range(1, len(val_losses)):
        bad = bad + 1 if val_losses[epoch] >= val_losses[epoch - 1] else 0
        if bad >= patience:
            return epoch, int(np.argmin(val_losses[:epoch + 1]))
    return len(val_losses) - 1, int(np.argmin(val_losses))
