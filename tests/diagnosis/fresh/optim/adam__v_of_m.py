r"""v averages the square of m, not of the gradient.

Right: \bm\b|gradient|squar
"""

import numpy as np


def adam(w, dw, config=None):
    config = {'learning_rate': 1e-3, 'beta1': 0.9, 'beta2': 0.999, 'epsilon': 1e-8, 't': 0, **(config or {})}
    b1, b2 = config['beta1'], config['beta2']
    config['t'] += 1
    m = config['m'] = b1 * config.get('m', np.zeros_like(w)) + (1 - b1) * dw
    v = config['v'] = b2 * config.get('v', np.zeros_like(w)) + (1 - b2) * m ** 2
    m_hat, v_hat = m / (1 - b1 ** config['t']), v / (1 - b2 ** config['t'])
    return (w - config['learning_rate'] * m_hat / (np.sqrt(v_hat) + config['epsilon'])).astype(w.dtype), config
