"""The learning rate scales the old velocity too: v = momentum v - dw, w + lr v.

Right: learning rate|learning_rate|scale
"""

import numpy as np


def sgd_momentum(w, dw, config=None):
    config = {'learning_rate': 1e-2, 'momentum': 0.9, **(config or {})}
    v = config['momentum'] * config.get('velocity', np.zeros_like(w)) - dw
    config['velocity'] = v
    return w + config['learning_rate'] * v, config
