from math import cos, e, pi, sqrt

import numpy as np


def get(config, key, default):
    if key in config:
        return config[key]
    return default


def sgd(w, dw, config=None):
    if config == None:
        config = {}
    lr = get(config, "learning_rate", 0.01)
    new_w = np.zeros(w.shape, dtype=w.dtype)
    for i in np.ndindex(w.shape):
        new_w[i] = w[i] - lr * dw[i]
    config["learning_rate"] = lr
    return new_w, config


def sgd_momentum(w, dw, config=None):
    if config == None:
        config = {}
    lr = get(config, "learning_rate", 0.01)
    mu = get(config, "momentum", 0.9)
    old = get(config, "velocity", np.zeros(w.shape, dtype=w.dtype))
    new_w = np.zeros(w.shape, dtype=w.dtype)
    velocity = np.zeros(w.shape, dtype=w.dtype)
    for i in np.ndindex(w.shape):
        velocity[i] = mu * old[i] - lr * dw[i]
        new_w[i] = w[i] + velocity[i]
    return new_w, {"learning_rate": lr, "momentum": mu, "velocity": velocity}


def nesterov_momentum(w, dw, config=None):
    if config == None:
        config = {}
    lr = get(config, "learning_rate", 0.01)
    mu = get(config, "momentum", 0.9)
    old = get(config, "velocity", np.zeros(w.shape, dtype=w.dtype))
    new_w = np.zeros(w.shape, dtype=w.dtype)
    velocity = np.zeros(w.shape, dtype=w.dtype)
    for i in np.ndindex(w.shape):
        velocity[i] = mu * old[i] - lr * dw[i]
        # the point where we are without the look-ahead, then the step, then the look-ahead again
        theta = w[i] - mu * old[i]
        theta = theta + velocity[i]
        new_w[i] = theta + mu * velocity[i]
    return new_w, {"learning_rate": lr, "momentum": mu, "velocity": velocity}


def rmsprop(w, dw, config=None):
    if config == None:
        config = {}
    lr = get(config, "learning_rate", 0.01)
    decay = get(config, "decay_rate", 0.99)
    eps = get(config, "epsilon", 1e-8)
    cache = get(config, "cache", None)
    if cache is None:
        cache = np.zeros(w.shape, dtype=w.dtype)
    new_w = w.copy()
    new_cache = cache.copy()
    for i in np.ndindex(w.shape):
        g = float(dw[i])
        new_cache[i] = decay * float(cache[i]) + (1 - decay) * g * g
        new_w[i] = w[i] - lr * g / (sqrt(new_cache[i]) + eps)
    return new_w, {"learning_rate": lr, "decay_rate": decay, "epsilon": eps, "cache": new_cache}


def adam(w, dw, config=None):
    if config == None:
        config = {}
    lr = get(config, "learning_rate", 0.001)
    b1 = get(config, "beta1", 0.9)
    b2 = get(config, "beta2", 0.999)
    eps = get(config, "epsilon", 1e-8)
    m = get(config, "m", np.zeros(w.shape, dtype=w.dtype)).copy()
    v = get(config, "v", np.zeros(w.shape, dtype=w.dtype)).copy()
    t = get(config, "t", 0) + 1
    # beta^t by hand
    p1 = 1.0
    p2 = 1.0
    for _ in range(t):
        p1 = p1 * b1
        p2 = p2 * b2
    new_w = w.copy()
    for i in np.ndindex(w.shape):
        g = float(dw[i])
        m[i] = b1 * float(m[i]) + (1 - b1) * g
        v[i] = b2 * float(v[i]) + (1 - b2) * g**2
        mhat = float(m[i]) / (1 - p1)
        vhat = float(v[i]) / (1 - p2)
        new_w[i] = w[i] - lr * mhat / (sqrt(vhat) + eps)
    return new_w, {"learning_rate": lr, "beta1": b1, "beta2": b2, "epsilon": eps, "m": m, "v": v, "t": t}


def step_decay(lr, epoch, drop, every):
    for i in range(1, epoch + 1):
        if i % every == 0:
            lr = lr * drop
    return lr


def exponential_decay(lr, epoch, k):
    factor = e**-k
    for i in range(epoch):
        lr *= factor
    return lr


def inverse_time_decay(lr, epoch, k):
    denominator = 1
    for i in range(epoch):
        denominator += k
    return lr / denominator


def cosine_restarts(lr_min, lr_max, step, period, mult):
    start = 0
    end = period
    for s in range(step + 1):
        if s == end:
            start = end
            period = period * mult
            end = start + period
    t = step - start
    return lr_min + (lr_max - lr_min) * 0.5 * (1 + cos(pi * t / period))


def cyclic_lr(lr_min, lr_max, step, half_period):
    delta = (lr_max - lr_min) / half_period
    lr = lr_min
    going_up = True
    count = 0
    for s in range(step):
        lr = lr + delta if going_up else lr - delta
        count += 1
        if count == half_period:
            going_up = not going_up
            count = 0
    return lr
