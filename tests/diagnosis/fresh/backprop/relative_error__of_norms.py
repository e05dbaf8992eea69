"""Norms over all elements are compared, not each element with its own size.

Right: norm|whole|each|element|own
"""

import numpy as np


def relative_error(a, b):
    return float(np.linalg.norm(a - b) / max(1e-8, np.linalg.norm(a) + np.linalg.norm(b)))
