r"""The velocity is remembered in a module-level dictionary and not read from the config, so a given velocity is ignored and weights of one shape share theirs.

Right: (?i)global|module|config.*(ignor|not (read|used)|velocity)|velocity.*(config|ignor|given|handed|shared|outside|other weights|not (read|used|taken))|(ignor|shar)\w* .*velocity|between (calls|weights)|other weights?|remember|elsewhere|hidden state|outside
"""
import numpy as np

velocities = {}


def _fill(config, **defaults):
    config = {} if config is None else config
    for k, val in defaults.items():
        config.setdefault(k, val)
    return config


def sgd(w, dw, config=None):
    config = _fill(config, learning_rate=1e-2)
    return w - config['learning_rate'] * dw, config


def sgd_momentum(w, dw, config=None):
    config = _fill(config, learning_rate=1e-2, momentum=0.9)
    lr, mu = config['learning_rate'], config['momentum']

    v = velocities.get(w.shape, np.zeros_like(w))
    v = (mu * v - lr * dw).astype(w.dtype)
    velocities[w.shape] = v

    config['velocity'] = v
    return w + v, config


def rmsprop(w, dw, config=None):
    config = _fill(config, learning_rate=1e-2, decay_rate=0.99, epsilon=1e-8, cache=np.zeros_like(w))
    rho = config['decay_rate']
    config['cache'] = rho * config['cache'] + (1 - rho) * dw ** 2
    return w - config['learning_rate'] * dw / (np.sqrt(config['cache']) + config['epsilon']), config
