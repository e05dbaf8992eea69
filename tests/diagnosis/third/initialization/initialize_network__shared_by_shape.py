r"""Two slips: layers of the same shape get one and the same array (drawn once, looked up afterwards), and an unknown scheme silently gives zeros where a ValueError is due.

Right: (?i)same (array|weights?|matrix|object|draw)|shar(e|ed|ing)|weights of (its|their) own|own weights|draw\w* (only )?once|reus|identical|equal|ValueError|unknown|rais(e|ing)|invalid|not (one of|a scheme)|error
"""
import numpy as np


def zeros_init(n_in, n_out):
    return np.zeros((n_in, n_out))


def scaled_normal_init(n_in, n_out, std, rng):
    return std * rng.standard_normal((n_in, n_out))


def lecun_normal(n_in, n_out, rng):
    return scaled_normal_init(n_in, n_out, np.sqrt(1 / n_in), rng)


def xavier_normal(n_in, n_out, rng):
    return scaled_normal_init(n_in, n_out, np.sqrt(2 / (n_in + n_out)), rng)


def he_normal(n_in, n_out, rng):
    return scaled_normal_init(n_in, n_out, np.sqrt(2 / n_in), rng)


def _uniform(n_in, n_out, a, rng):
    return rng.uniform(low=-a, high=a, size=(n_in, n_out))


def xavier_uniform(n_in, n_out, rng):
    return _uniform(n_in, n_out, np.sqrt(6 / (n_in + n_out)), rng)


def he_uniform(n_in, n_out, rng):
    return _uniform(n_in, n_out, np.sqrt(6 / n_in), rng)


def initialize_network(layer_sizes, scheme, rng):
    makers = {
        'scaled_normal_init': lambda a, b: scaled_normal_init(a, b, 0.01, rng),
        'lecun_normal': lambda a, b: lecun_normal(a, b, rng),
        'xavier_normal': lambda a, b: xavier_normal(a, b, rng),
        'xavier_uniform': lambda a, b: xavier_uniform(a, b, rng),
        'he_normal': lambda a, b: he_normal(a, b, rng),
        'he_uniform': lambda a, b: he_uniform(a, b, rng),
    }
    make = makers.get(scheme, zeros_init)
    drawn = {}
    layers = []
    for pair in zip(layer_sizes[:-1], layer_sizes[1:]):
        if pair not in drawn:
            drawn[pair] = make(*pair)
        layers.append((drawn[pair], np.zeros(pair[1])))
    return layers
