"""s0 is among the states, and the last one is dropped.

Right: s0|late|start
"""

import numpy as np


def unfold(step, s0, inputs):
    states = [s0]
    for x in inputs[:-1]:
        states.append(step(states[-1], x))
    return states
