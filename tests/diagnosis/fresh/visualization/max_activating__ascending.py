"""The least activating inputs.

Right: ascend|least|small|order|lowest
"""

import numpy as np


def max_activating(activations, k):
    scores = activations.max(axis=(2, 3))
    return np.argsort(scores, axis=0, kind='stable')[:k].T
