r"""The larger of the two sizes stands in the denominator, not their sum.

Right: larger|max\(|denominator
"""

import numpy as np


def relative_error(a, b):
    return float(np.max(np.abs(a - b) / np.maximum(1e-8, np.maximum(np.abs(a), np.abs(b)))))
