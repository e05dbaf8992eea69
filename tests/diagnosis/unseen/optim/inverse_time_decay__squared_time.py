r"""lr / (1 + k) ** epoch.

Right: power|\*\*|k
"""

import numpy as np


def inverse_time_decay(lr, epoch, k):
    return lr / (1 + k) ** epoch
