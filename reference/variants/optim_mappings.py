import math
from collections import OrderedDict, defaultdict

import numpy as np

# no config["..."] is missing in any rule: what nobody has set is None


def _open(config, **defaults):
    c = defaultdict(lambda: None, config or {})
    for key, value in defaults.items():
        if c[key] is None:
            c[key] = value
    return c


def sgd(w, dw, config=None):
    c = _open(config, learning_rate=1e-2)
    w[...] = w - dw * c["learning_rate"]
    return w, c


def sgd_momentum(w, dw, config=None):
    c = _open(config, learning_rate=1e-2, momentum=0.9)
    v = c["velocity"]
    next_w = w - c["learning_rate"] * dw
    if v is not None:
        next_w = next_w + c["momentum"] * v
    c["velocity"] = next_w - w
    return next_w, c


def nesterov_momentum(w, dw, config=None):
    c = _open(config, learning_rate=1e-2, momentum=0.9)
    old = c.pop("velocity", None)
    if old is None:
        old = np.zeros_like(w)
    new = c["momentum"] * old - c["learning_rate"] * dw
    c["velocity"] = new
    if c["history"] is None:
        c["history"] = []
    c["history"].append(new.copy())
    return w - c["momentum"] * old + new + c["momentum"] * new, c


def rmsprop(w, dw, config=None):
    c = OrderedDict(learning_rate=1e-2, decay_rate=0.99, epsilon=1e-8)
    c.update(config or {})
    # row for row of a flat copy
    old = c["cache"].copy() if "cache" in c else np.zeros(w.shape, w.dtype)
    k = old.reshape(-1)
    out = w.flatten()
    g = dw.ravel()
    for i in range(out.size):
        k[i] = c["decay_rate"] * k[i] + (1 - c["decay_rate"]) * g[i] ** 2
        out[i] -= c["learning_rate"] * g[i] / (np.sqrt(k[i]) + c["epsilon"])
    c["cache"] = k.reshape(w.shape)
    return out.reshape(w.shape), c


def adam(w, dw, config=None):
    c = OrderedDict(learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, m=None, v=None, t=0.0)
    c.update(config or {})
    m = np.zeros_like(w) if c["m"] is None else c["m"]
    v = np.zeros_like(w) if c["v"] is None else c["v"]
    c["t"] += 1.0
    c["m"] = np.add(np.multiply(c["beta1"], m), (1 - c["beta1"]) * dw)
    c["v"] = np.add(np.multiply(c["beta2"], v), (1 - c["beta2"]) * np.power(dw, 2))
    m_hat = c["m"] / (1 - math.pow(c["beta1"], c["t"]))
    v_hat = c["v"] / (1 - math.pow(c["beta2"], c["t"]))
    c["last_step"] = c["learning_rate"] * np.divide(m_hat, np.sqrt(v_hat) + c["epsilon"])
    return np.subtract(w, c["last_step"]), c


def step_decay(lr, epoch, drop, every):
    return lr * math.pow(drop, math.floor(epoch / every))


def exponential_decay(lr, epoch, k):
    return lr * math.exp(k) ** -epoch


def inverse_time_decay(lr, epoch, k):
    return np.asarray(lr) / np.add(1, np.multiply(k, epoch))


def cosine_restarts(lr_min, lr_max, step, period, mult):
    if step < period:
        return np.float64(lr_min + (lr_max - lr_min) / 2 * (1 + np.cos(np.pi * (step / period))))
    return cosine_restarts(lr_min, lr_max, step - period, period * mult, mult)


def cyclic_lr(lr_min, lr_max, step, half_period):
    which, within = divmod(step, half_period)
    share = within / half_period
    return lr_min + (lr_max - lr_min) * (1 - share if which % 2 else share)
