"""|h| near 1 is asked for both kinds, so that 0 is no asymptote of the sigmoid.

Right: asymptote|one end|upper|sigmoid|kind
"""

import numpy as np


def saturated_fraction(h, kind, tol=1e-2):
    if kind not in ('sigmoid', 'tanh'):
        raise ValueError(kind)
    return float(np.mean(np.abs(h) > 1 - tol))
