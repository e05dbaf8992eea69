import math

import numpy as np


def sgd(w, dw, config=None):
    config = {} if not config else config
    return np.subtract(w, np.multiply(config.setdefault("learning_rate", 0.01), dw)), config


def sgd_momentum(w, dw, config=None):
    # keep the running sum of gradients as in PyTorch, and turn it into the velocity on the way out
    config = {} if not config else config
    lr = config.setdefault("learning_rate", 0.01)
    mu = config.setdefault("momentum", 0.9)
    v = config["velocity"] if "velocity" in config else np.zeros_like(w)
    change = lr * dw - mu * v
    config["velocity"] = -change
    return w - change, config


def nesterov_momentum(w, dw, config=None):
    config = {} if not config else config
    lr = config.setdefault("learning_rate", 0.01)
    mu = config.setdefault("momentum", 0.9)
    v = config["velocity"] if "velocity" in config else np.zeros_like(w)
    # -mu v_prev + (1 + mu) v = mu v - lr dw = mu^2 v_prev - (1 + mu) lr dw
    next_w = w + mu * mu * v - (1 + mu) * lr * dw
    config["velocity"] = mu * v - lr * dw
    return next_w, config


def rmsprop(w, dw, config=None):
    config = {} if not config else config
    lr = config.setdefault("learning_rate", 0.01)
    rho = config.setdefault("decay_rate", 0.99)
    eps = config.setdefault("epsilon", 1e-8)
    old = config["cache"] if "cache" in config else np.zeros_like(w)
    cache = old + (1 - rho) * (dw * dw - old)
    config["cache"] = cache
    return w - lr * dw * (cache**0.5 + eps) ** -1, config


def adam(w, dw, config=None):
    config = {} if not config else config
    lr = config.setdefault("learning_rate", 0.001)
    b1 = config.setdefault("beta1", 0.9)
    b2 = config.setdefault("beta2", 0.999)
    eps = config.setdefault("epsilon", 1e-8)
    m = config["m"] if "m" in config else np.zeros_like(w)
    v = config["v"] if "v" in config else np.zeros_like(w)
    t = config.get("t", 0) + 1
    m = m + (1 - b1) * (dw - m)
    v = v + (1 - b2) * (dw * dw - v)
    # the end of section 2 of the paper, with an epsilon that makes it exact
    root = math.sqrt(1 - b2**t)
    step = lr * root / (1 - b1**t)
    config["m"], config["v"], config["t"] = m, v, t
    return w - step * m / (np.sqrt(v) + eps * root), config


def step_decay(lr, epoch, drop, every):
    return math.exp(math.log(lr) + ((epoch - epoch % every) / every) * math.log(drop))


def exponential_decay(lr, epoch, k):
    return math.exp(math.log(lr) - k * epoch)


def inverse_time_decay(lr, epoch, k):
    return 1 / (1 / lr + k / lr * epoch)


def cosine_restarts(lr_min, lr_max, step, period, mult):
    if mult == 1:
        n = step // period
        t = step % period
    else:
        # period (mult^n - 1) / (mult - 1) steps are over when period n begins
        n = 0
        while period * (mult ** (n + 1) - 1) // (mult - 1) <= step:
            n += 1
        t = step - period * (mult**n - 1) // (mult - 1)
    length = period * mult**n
    # (1 + cos x) / 2 = cos^2(x / 2)
    return lr_min + (lr_max - lr_min) * math.cos(math.pi * t / length / 2) ** 2


def cyclic_lr(lr_min, lr_max, step, half_period):
    return lr_min + (lr_max - lr_min) * math.acos(math.cos(math.pi * step / half_period)) / math.pi
