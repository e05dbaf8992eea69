"""The inputs are read from the end.

Right: revers|end|order
"""

import numpy as np


def unfold(step, s0, inputs):
    states = []
    for x in inputs[::-1]:
        s0 = step(s0, x)
        states.append(s0)
    return states
