"""The whole-number division is a true one: drop ** (epoch / every).

Right: whole|floor|//|smooth|true division|rounded|every
"""

import numpy as np


def step_decay(lr, epoch, drop, every):
    return lr * drop ** (epoch / every)
