r"""lr * drop * n in place of the power.

Right: power|\*\*|drop
"""

import numpy as np


def step_decay(lr, epoch, drop, every):
    n = epoch // every
    return lr * drop * n if n else lr
