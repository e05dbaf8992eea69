"""Initialisation schemes made by a factory and kept in a registry."""
from __future__ import annotations

import functools
from collections import namedtuple
from enum import Enum

import numpy as np
from numpy.random import Generator

from nnutil import logistic

Layer = namedtuple("Layer", "W b")
SCHEMES: dict = {}


def register(fn):
    SCHEMES[fn.__name__] = fn
    return fn


class Family(Enum):
    NORMAL = "normal"
    UNIFORM = "uniform"

    def draw(self, rng: Generator, sd: float, shape):
        if self is Family.NORMAL:
            W = np.empty(shape)
            rng.standard_normal(out=W)
            W *= sd
            return W
        a = sd * 3**0.5
        return 2 * a * rng.random(shape) - a


def _make(name, family, variance):
    def init(n_in, n_out, rng):
        return family.draw(rng, variance(n_in, n_out) ** 0.5, (n_in, n_out))

    init.__name__ = name
    return register(init)


lecun_normal = _make("lecun_normal", Family.NORMAL, lambda i, o: 1 / i)
xavier_normal = _make("xavier_normal", Family.NORMAL, lambda i, o: 2 / (i + o))
xavier_uniform = _make("xavier_uniform", Family.UNIFORM, lambda i, o: 2 / (i + o))
he_normal = _make("he_normal", Family.NORMAL, lambda i, o: 2 / i)
he_uniform = _make("he_uniform", Family.UNIFORM, lambda i, o: 2 / i)


@register
def zeros_init(n_in, n_out, rng=None):
    return np.broadcast_to(0.0, (n_in, n_out))


@register
def scaled_normal_init(n_in, n_out, std=0.01, rng=None):
    return Family.NORMAL.draw(rng, std, (n_in, n_out))


SCHEMES["scaled_normal_init"] = lambda n_in, n_out, rng: scaled_normal_init(n_in, n_out, rng=rng)

relu_bias = lambda n_out, value=0.01: np.repeat(float(value), n_out)


def initialize_network(layer_sizes, scheme, rng):
    try:
        init = SCHEMES[scheme]
    except (KeyError, TypeError):
        raise ValueError(f"unknown scheme {scheme!r}; there are {sorted(SCHEMES)}") from None
    return [Layer(init(a, b, rng=rng), np.zeros(b)) for a, b in zip(layer_sizes, layer_sizes[1:])]


class _Activation:
    #: what |z| has to reach for the output to be within 0.01 of an asymptote
    limit = np.inf

    def __call__(self, z):
        raise NotImplementedError


class _Sigmoid(_Activation):
    limit = np.log(99)

    def __call__(self, z):
        z = np.clip(z, -700, 700)
        return 1 / (1 + np.exp(-z))


class _Tanh(_Activation):
    limit = np.arctanh(0.99)

    def __call__(self, z):
        return np.tanh(z)


class _Relu(_Activation):
    def __call__(self, z):
        return (z + np.abs(z)) / 2


_ACTIVATIONS = dict(sigmoid=_Sigmoid(), tanh=_Tanh(), relu=_Relu())


def activation_statistics(x, weights, activation):
    if activation not in _ACTIVATIONS:
        raise ValueError(activation)
    f = _ACTIVATIONS[activation]

    def step(carry, layer):
        h, rows = carry
        W, b = layer
        z = h @ W + b
        h = f(z)
        row = {
            "mean": np.mean(h),
            "std": np.std(h),
            "saturated": np.mean(np.abs(z) >= f.limit),
            "dead": np.mean(~h.any(axis=0)),
        }
        return h, rows + [row]

    return functools.reduce(step, weights, (x, []))[1]


def symmetric_step(params, x, y, lr):
    """Gradients by the complex step: Im L(w + i h) / h is exact to rounding for h = 1e-100."""
    names = ("W1", "b1", "W2", "b2")
    tiny = 1e-100

    def loss(P):
        act = lambda z: 0.5 * (1 + np.tanh(z / 2))
        h = act(x.astype(complex) @ P["W1"] + P["b1"])
        o = act(h @ P["W2"] + P["b2"])
        return ((o - y) ** 2)[0]

    fresh = {}
    for name in names:
        old = params[name]
        grad = np.zeros(old.shape)
        for idx in np.ndindex(*old.shape):
            P = {k: params[k].astype(complex) for k in names}
            P[name][idx] += 1j * tiny
            grad[idx] = loss(P).imag / tiny
        fresh[name] = (old - lr * grad).astype(old.dtype)
    return fresh
