"""The variance divides by N - 1, and eps is left out.

Right: (?s)eps.*(N - 1|biased|ddof|one less)|(N - 1|biased|ddof|one less).*eps
"""

import numpy as np


def identity_parameters(x, eps):
    return np.sqrt(x.var(axis=0, ddof=1)), x.mean(axis=0)
