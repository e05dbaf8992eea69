"""A filter counts as dead if its values sum to 0.

Right: sum
"""

import numpy as np


def dead_filters(activations):
    return activations.sum(axis=(0, 2, 3)) == 0
