"""The running mean is of the gradient's size, not its square.

Right: squar|abs
"""

import numpy as np


def rmsprop(w, dw, config=None):
    config = {'learning_rate': 1e-2, 'decay_rate': 0.99, 'epsilon': 1e-8, **(config or {})}
    d = config['decay_rate']
    cache = d * config.get('cache', np.zeros_like(w)) + (1 - d) * np.abs(dw)
    config['cache'] = cache
    return w - config['learning_rate'] * dw / (np.sqrt(cache) + config['epsilon']), config
