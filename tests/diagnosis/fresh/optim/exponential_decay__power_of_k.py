"""lr * k ** epoch.

Right: k|power
"""

import numpy as np


def exponential_decay(lr, epoch, k):
    return float(lr * (1 - k) ** epoch)
