"""The list begins with s0.

Right: s0|first|initial
"""

import numpy as np


def unfold(step, s0, inputs):
    states = [s0]
    for x in inputs:
        states.append(step(states[-1], x))
    return states
