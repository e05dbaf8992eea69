from itertools import accumulate, repeat
from operator import mul

import numpy as np

MOMENTUM = {"learning_rate": 1e-2, "momentum": 0.9}


def sgd(w, dw, config=None):
    c = {"learning_rate": 1e-2} | (config or {})
    return [w - c["learning_rate"] * dw, c]


def sgd_momentum(w, dw, config=None):
    c = MOMENTUM | {"velocity": 0.0} | (config or {})
    c["velocity"] = c["momentum"] * c["velocity"] - c["learning_rate"] * dw
    return [w + c["velocity"], c]


def nesterov_momentum(w, dw, config=None):
    c = MOMENTUM | {"velocity": 0.0} | (config or {})
    c["velocity"] = c["momentum"] * c["velocity"] - c["learning_rate"] * dw
    return [w + c["momentum"] * c["velocity"] - c["learning_rate"] * dw, c]


def rmsprop(w, dw, config=None):
    c = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8, "cache": 0} | (config or {})
    c["cache"] = np.average([dw**2, c["cache"] + 0 * dw], axis=0, weights=[1 - c["decay_rate"], c["decay_rate"]]).astype(w.dtype)
    return [w - c["learning_rate"] * dw / (c["cache"] ** 0.5 + c["epsilon"]), c]


def adam(w, dw, config=None):
    c = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "m": 0, "v": 0, "t": 0} | (config or {})
    c["t"] += 1
    (b1, b2), t = (c["beta1"], c["beta2"]), c["t"]
    for key, b, x in (("m", b1, dw), ("v", b2, dw * dw)):
        c[key] = b * c[key] + (1 - b) * x
    return [w - c["learning_rate"] * c["m"] / (1 - b1**t) / (np.sqrt(c["v"] / (1 - b2**t)) + c["epsilon"]), c]


step_decay = lambda lr, epoch, drop, every: np.prod([lr] + (epoch // every) * [drop])
exponential_decay = lambda lr, epoch, k: lr * np.e ** (-k * epoch)
inverse_time_decay = lambda lr, epoch, k: np.divide(lr, np.polyval([k, 1], epoch))


def cosine_restarts(lr_min, lr_max, step, period, mult):
    lengths = accumulate(repeat(mult), mul, initial=period)
    end = 0
    for T in lengths:
        end += T
        if step < end:
            return np.cos(np.pi * (step - end + T) / T).item() * (lr_max - lr_min) / 2 + (lr_max + lr_min) / 2


def cyclic_lr(lr_min, lr_max, step, half_period):
    return np.interp(step, [0, half_period, 2 * half_period], [lr_min, lr_max, lr_min], period=2 * half_period)
