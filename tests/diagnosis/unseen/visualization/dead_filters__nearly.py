"""Dead is what is nowhere above 0.

Right: negativ|above|positive|<=
"""

import numpy as np


def dead_filters(activations):
    return activations.max(axis=(0, 2, 3)) <= 0
