import numpy as np


def _gauss(shape, rng):
    u1 = 1.0 - rng.random(shape)
    u2 = rng.random(shape)
    return np.sqrt(-2 * np.log(u1)) * np.cos(2 * np.pi * u2)


def zeros_init(n_in, n_out):
    return np.zeros_like(np.empty((n_in, n_out)))


def scaled_normal_init(n_in, n_out, std, rng):
    return _gauss((n_in, n_out), rng) * std


def lecun_normal(n_in, n_out, rng):
    cov = np.eye(1) / n_in
    return rng.multivariate_normal([0.0], cov, size=(n_in, n_out))[..., 0]


def xavier_normal(n_in, n_out, rng):
    fan_avg = (n_in + n_out) / 2
    return (_gauss((n_in, n_out), rng) + _gauss((n_in, n_out), rng)) * np.sqrt(1 / fan_avg / 2)


def xavier_uniform(n_in, n_out, rng):
    a = np.sqrt(6.0 / (n_in + n_out))
    return a - 2 * a * rng.random((n_out, n_in)).T


def he_normal(n_in, n_out, rng):
    return (rng.normal(size=n_in * n_out) * np.sqrt(2.0 / n_in)).reshape(n_in, n_out)


def he_uniform(n_in, n_out, rng):
    return (rng.random((n_in, n_out)) - 0.5) * 2 * np.sqrt(6.0 / n_in)


def relu_bias(n_out, value=0.01):
    return np.repeat(float(value), n_out)
