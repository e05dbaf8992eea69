r"""The sum of theta x is multiplied by p for every input: p^n.

Right: p\^n|p \*\* n|power|p to the
"""

import numpy as np


def ensemble_average(theta, x, p):
    return float(p ** len(x) * (theta @ x))
