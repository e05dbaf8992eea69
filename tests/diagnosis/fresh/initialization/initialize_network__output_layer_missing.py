"""The loop ends one layer too early.

Right: last|layer|number|count|length|early
"""

import numpy as np


def initialize_network(layer_sizes, scheme, rng):
    std = {'zeros_init': lambda i, o: 0, 'scaled_normal_init': lambda i, o: 0.01, 'lecun_normal': lambda i, o: i ** -0.5,
           'xavier_normal': lambda i, o: (2 / (i + o)) ** 0.5, 'he_normal': lambda i, o: (2 / i) ** 0.5}
    limit = {'xavier_uniform': lambda i, o: (6 / (i + o)) ** 0.5, 'he_uniform': lambda i, o: (6 / i) ** 0.5}
    layers = []
    for i, o in zip(layer_sizes[:-2], layer_sizes[1:-1]):
        if scheme in std:
            W = rng.standard_normal((i, o)) * std[scheme](i, o)
        elif scheme in limit:
            W = rng.uniform(-limit[scheme](i, o), limit[scheme](i, o), (i, o))
        else:
            raise ValueError(scheme)
        layers.append((W, np.zeros(o)))
    return layers
