"""A unit counts as dead, too, if its values are negative.

Right: negativ|<= 0|positive|below 0
"""

import numpy as np


def dead_units(h):
    return (h <= 0).all(axis=0)
