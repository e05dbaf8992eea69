r"""The new velocity is weighted by momentum, not 1 + momentum.

Right: 1 \+ momentum|new velocity|momentum
"""

import numpy as np


def nesterov_momentum(w, dw, config=None):
    config = {'learning_rate': 1e-2, 'momentum': 0.9, **(config or {})}
    m, old = config['momentum'], config.get('velocity', np.zeros_like(w))
    v = m * old - config['learning_rate'] * dw
    config['velocity'] = v
    return w - m * old + m * v, config
