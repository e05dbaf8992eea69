"""The step is made with the cache as it was before this gradient.

Right: old|before|previous
"""

import numpy as np


def rmsprop(w, dw, config=None):
    config = {'learning_rate': 1e-2, 'decay_rate': 0.99, 'epsilon': 1e-8, **(config or {})}
    d, old = config['decay_rate'], config.get('cache', np.zeros_like(w))
    config['cache'] = d * old + (1 - d) * dw ** 2
    return w - config['learning_rate'] * dw / (np.sqrt(old) + config['epsilon']), config
