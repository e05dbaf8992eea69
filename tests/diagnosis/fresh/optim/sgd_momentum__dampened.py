"""The gradient is weighted by 1 - momentum.

Right: 1 - momentum
"""

import numpy as np


def sgd_momentum(w, dw, config=None):
    config = {'learning_rate': 1e-2, 'momentum': 0.9, **(config or {})}
    m = config['momentum']
    v = m * config.get('velocity', np.zeros_like(w)) - (1 - m) * config['learning_rate'] * dw
    config['velocity'] = v
    return w + v, config
