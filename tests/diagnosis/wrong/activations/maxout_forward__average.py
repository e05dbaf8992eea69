"""The average of the two pieces is returned.

Right: mean|average|half
"""

import numpy as np


def maxout_forward(x, W1, b1, W2, b2):
    s1, s2 = x @ W1 + b1, x @ W2 + b2
    first = s1 > s2
    return (s1 + s2) / 2, (x, W1, W2, first)
