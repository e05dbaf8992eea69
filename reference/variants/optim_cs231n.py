"""
Each update rule has the same interface:

def update(w, dw, config=None):

config is a dictionary of hyperparameters, caches, etc. It is modified in place and returned.
"""

import numpy as np


def sgd(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)

    w -= config["learning_rate"] * dw
    return w, config


def sgd_momentum(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("momentum", 0.9)
    v = config.get("velocity", np.zeros_like(w))

    next_w = None
    v = config["momentum"] * v - config["learning_rate"] * dw
    next_w = w + v

    config["velocity"] = v

    return next_w, config


def nesterov_momentum(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("momentum", 0.9)
    v = config.get("velocity", np.zeros_like(w))

    next_w = None
    v_prev = v
    v = config["momentum"] * v - config["learning_rate"] * dw
    next_w = w + (-config["momentum"] * v_prev + (1 + config["momentum"]) * v)
    config["velocity"] = v

    return next_w, config


def rmsprop(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("decay_rate", 0.99)
    config.setdefault("epsilon", 1e-8)
    config.setdefault("cache", np.zeros_like(w))

    config["cache"] = config["decay_rate"] * config["cache"] + (1 - config["decay_rate"]) * dw * dw
    next_w = w - config["learning_rate"] * dw / (np.sqrt(config["cache"]) + config["epsilon"])

    return next_w, config


def adam(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-3)
    config.setdefault("beta1", 0.9)
    config.setdefault("beta2", 0.999)
    config.setdefault("epsilon", 1e-8)
    config.setdefault("m", np.zeros_like(w))
    config.setdefault("v", np.zeros_like(w))
    config.setdefault("t", 0)

    config["t"] += 1
    config["m"] = config["beta1"] * config["m"] + (1 - config["beta1"]) * dw
    mt = config["m"] / (1 - config["beta1"] ** config["t"])
    config["v"] = config["beta2"] * config["v"] + (1 - config["beta2"]) * (dw**2)
    vt = config["v"] / (1 - config["beta2"] ** config["t"])
    next_w = w - config["learning_rate"] * mt / (np.sqrt(vt) + config["epsilon"])

    return next_w, config


def step_decay(lr, epoch, drop, every):
    return lr * np.power(drop, np.floor(epoch / every))


def exponential_decay(lr, epoch, k):
    return lr * np.exp(-k * epoch)


def inverse_time_decay(lr, epoch, k):
    return lr * 1.0 / (1.0 + k * epoch)


def cosine_restarts(lr_min, lr_max, step, period, mult):
    T_cur = step
    T_i = period
    while T_cur >= T_i:
        T_cur = T_cur - T_i
        T_i = T_i * mult
    return lr_min + 0.5 * (lr_max - lr_min) * (1 + np.cos(np.pi * T_cur / T_i))


def cyclic_lr(lr_min, lr_max, step, half_period):
    cycle = np.floor(1 + step / (2 * half_period))
    x = np.abs(step / half_period - 2 * cycle + 1)
    return lr_min + (lr_max - lr_min) * np.maximum(0, (1 - x))
