"""Update rules as classes whose instances are the functions, with a shared base class."""
from __future__ import annotations

import math
from functools import partial
from itertools import count

import numpy as np


class Rule:
    defaults: dict = {}
    buffers: tuple = ()

    def __init__(self, name):
        self.__name__ = name
        self.__doc__ = type(self).__doc__

    def __call__(self, w, dw, config=None):
        cfg = {**self.defaults, **(config or {})}
        for b in self.buffers:
            if cfg.get(b) is None:
                cfg[b] = np.zeros_like(w)
        cfg.update(self.remember(dw, **cfg))
        return w + self.delta(dw, **cfg), cfg


class _SGD(Rule):
    defaults = dict(learning_rate=1e-2)

    def remember(self, dw, **_):
        return {}

    def delta(self, dw, *, learning_rate, **_):
        return -learning_rate * dw


class _Momentum(Rule):
    defaults = dict(learning_rate=1e-2, momentum=0.9)
    buffers = ("velocity",)

    def remember(self, dw, *, learning_rate, momentum, velocity, **_):
        return dict(velocity=momentum * velocity - learning_rate * dw)

    def delta(self, dw, *, velocity, **_):
        return velocity


class _Nesterov(_Momentum):
    """w - mu v_prev + (1 + mu) v = w + mu v - lr dw, as v - mu v_prev = -lr dw."""

    def delta(self, dw, *, learning_rate, momentum, velocity, **_):
        return momentum * velocity - learning_rate * dw


class _RMSProp(Rule):
    defaults = dict(learning_rate=1e-2, decay_rate=0.99, epsilon=1e-8)
    buffers = ("cache",)

    def remember(self, dw, *, decay_rate, cache, **_):
        return dict(cache=cache + (1 - decay_rate) * (dw * dw - cache))

    def delta(self, dw, *, learning_rate, cache, epsilon, **_):
        return -learning_rate * dw / (np.sqrt(cache) + epsilon)


class _Adam(Rule):
    """The form at the end of section 2 of the paper: the corrections go into the step size and into epsilon."""

    defaults = dict(learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, t=0)
    buffers = ("m", "v")

    def remember(self, dw, *, beta1, beta2, m, v, t, **_):
        return dict(m=beta1 * m + (1 - beta1) * dw, v=beta2 * v + (1 - beta2) * dw**2, t=t + 1)

    def delta(self, dw, *, learning_rate, beta1, beta2, epsilon, m, v, t, **_):
        c1 = 1 - beta1**t
        c2 = math.sqrt(1 - beta2**t)
        return -(learning_rate * c2 / c1) * m / (np.sqrt(v) + epsilon * c2)


sgd = _SGD("sgd")
sgd_momentum = _Momentum("sgd_momentum")
nesterov_momentum = _Nesterov("nesterov_momentum")
rmsprop = _RMSProp("rmsprop")
adam = _Adam("adam")


def _decay(shape, lr, epoch, *args):
    return lr * shape(epoch, *args)


step_decay = partial(_decay, lambda epoch, drop, every: math.pow(drop, divmod(epoch, every)[0]))
exponential_decay = partial(_decay, lambda epoch, k: np.exp(-k) ** epoch)
inverse_time_decay = partial(_decay, lambda epoch, k: 1 / (1 + k * epoch))


def _periods(period, mult):
    start = 0
    for i in count():
        T = period * mult**i
        yield start, T
        start += T


def cosine_restarts(lr_min, lr_max, step, period, mult):
    start, T = next((s, T) for s, T in _periods(period, mult) if step < s + T)
    return lr_min + (lr_max - lr_min) * np.cos(np.pi * (step - start) / (2 * T)) ** 2


def cyclic_lr(lr_min, lr_max, step, half_period):
    corners = [0, half_period, 2 * half_period]
    return np.interp(step, corners, [lr_min, lr_max, lr_min], period=None) if step <= corners[-1] else cyclic_lr(
        lr_min, lr_max, step % corners[-1], half_period
    )
