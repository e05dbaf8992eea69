"""The corrected means are what is kept for the next step.

Right: correct
"""

import numpy as np


def adam(w, dw, config=None):
    config = {'learning_rate': 1e-3, 'beta1': 0.9, 'beta2': 0.999, 'epsilon': 1e-8, 't': 0, **(config or {})}
    b1, b2 = config['beta1'], config['beta2']
    config['t'] += 1
    m = (b1 * config.get('m', np.zeros_like(w)) + (1 - b1) * dw) / (1 - b1 ** config['t'])
    v = (b2 * config.get('v', np.zeros_like(w)) + (1 - b2) * dw ** 2) / (1 - b2 ** config['t'])
    config['m'], config['v'] = m, v
    return (w - config['learning_rate'] * m / (np.sqrt(v) + config['epsilon'])).astype(w.dtype), config
