r"""Two slips: decay_rate and 1 - decay_rate are swapped in the running mean, and epsilon stands under the root.

Right: (?i)swap|exchang|interchang|revers|decay_rate|1 - decay|wrong (share|weight)|(old|new) (cache|square|value|gradient)|share|epsilon.*(under|inside|in) the (square )?root|inside the (square )?root|under the (square )?root|sqrt\(cache ?\+
"""
import numpy as np


def rmsprop(w, dw, config=None):
    if config is None: config = {}
    config.setdefault('learning_rate', 1e-2)
    config.setdefault('decay_rate', 0.99)
    config.setdefault('epsilon', 1e-8)
    config.setdefault('cache', np.zeros_like(w))

    d = config['decay_rate']
    cache = (1 - d) * config['cache'] + d * (dw * dw)
    w_new = w - config['learning_rate'] * dw / np.sqrt(cache + config['epsilon'])

    config['cache'] = cache
    return w_new, config


def adam(w, dw, config=None):
    if config is None: config = {}
    config.setdefault('learning_rate', 1e-3)
    config.setdefault('beta1', 0.9)
    config.setdefault('beta2', 0.999)
    config.setdefault('epsilon', 1e-8)
    config.setdefault('m', np.zeros_like(w))
    config.setdefault('v', np.zeros_like(w))
    config.setdefault('t', 0)

    t = config['t'] + 1
    b1, b2 = config['beta1'], config['beta2']
    m = b1 * config['m'] + (1 - b1) * dw
    v = b2 * config['v'] + (1 - b2) * (dw * dw)
    mh = m / (1 - b1 ** t)
    vh = v / (1 - b2 ** t)
    w_new = w - config['learning_rate'] * mh / (np.sqrt(vh) + config['epsilon'])

    config['t'], config['m'], config['v'] = t, m, v
    return w_new, config
