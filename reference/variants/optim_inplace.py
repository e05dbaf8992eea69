import numpy as np


def _fill(config, **defaults):
    if config is None:
        config = {}
    for key, value in defaults.items():
        if key not in config:
            config[key] = value
    return config


def sgd(w, dw, config=None):
    config = _fill(config, learning_rate=1e-2)
    step = dw.copy()
    step *= -config["learning_rate"]
    step += w
    return step, config


def sgd_momentum(w, dw, config=None):
    config = _fill(config, learning_rate=1e-2, momentum=0.9, velocity=np.zeros_like(w))
    v = config["velocity"]
    v *= config["momentum"]
    v -= config["learning_rate"] * dw
    return w + v, config


def nesterov_momentum(w, dw, config=None):
    config = _fill(config, learning_rate=1e-2, momentum=0.9, velocity=np.zeros_like(w))
    mu = config["momentum"]
    v = config["velocity"]
    next_w = w.copy()
    next_w -= mu * v
    v *= mu
    v -= config["learning_rate"] * dw
    next_w += (1 + mu) * v
    return next_w, config


def rmsprop(w, dw, config=None):
    config = _fill(config, learning_rate=1e-2, decay_rate=0.99, epsilon=1e-8, cache=np.zeros_like(w))
    cache = config["cache"]
    cache *= config["decay_rate"]
    cache += (1 - config["decay_rate"]) * dw**2
    step = np.sqrt(cache)
    step += config["epsilon"]
    np.divide(dw, step, out=step)
    step *= config["learning_rate"]
    np.subtract(w, step, out=step)
    return step, config


def adam(w, dw, config=None):
    config = _fill(config, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, m=np.zeros_like(w), v=np.zeros_like(w), t=0)
    config["t"] += 1
    m, v, b1, b2 = config["m"], config["v"], config["beta1"], config["beta2"]
    m *= b1
    m += (1 - b1) * dw
    v *= b2
    v += (1 - b2) * dw**2
    down = v / (1 - b2 ** config["t"])
    np.sqrt(down, out=down)
    down += config["epsilon"]
    up = m / (1 - b1 ** config["t"])
    up /= down
    up *= config["learning_rate"]
    return w - up, config


def step_decay(lr, epoch, drop, every):
    while epoch >= every:
        lr *= drop
        epoch -= every
    return lr


def exponential_decay(lr, epoch, k):
    lr *= np.exp(-k * epoch)
    return lr


def inverse_time_decay(lr, epoch, k):
    lr /= k * epoch + 1
    return lr


def cosine_restarts(lr_min, lr_max, step, period, mult):
    while step > period - 1:
        step -= period
        period *= mult
    lr = np.cos(np.pi * step / period)
    lr += 1
    lr *= (lr_max - lr_min) / 2
    lr += lr_min
    return lr


def cyclic_lr(lr_min, lr_max, step, half_period):
    step %= 2 * half_period
    if step > half_period:
        step = 2 * half_period - step
    return lr_min + step * (lr_max - lr_min) / half_period
