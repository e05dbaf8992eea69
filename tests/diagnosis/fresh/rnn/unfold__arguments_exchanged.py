"""step gets the input first and the state second.

Right: exchang|each other|order|swap
"""

import numpy as np


def unfold(step, s0, inputs):
    states, s = [], s0
    for x in inputs:
        s = step(x, s)
        states.append(s)
    return states
