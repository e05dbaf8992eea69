"""The gradient is divided by its norm.

Right: norm|length
"""

import numpy as np


def sgd(w, dw, config=None):
    config = {'learning_rate': 1e-2, **(config or {})}
    return (w - config['learning_rate'] * dw / (np.linalg.norm(dw) + 1e-12)).astype(w.dtype), config
