from collections import OrderedDict, defaultdict
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache, singledispatch
import cmath, numpy, numpy as np

_DEFAULTS = {"sgd": {"learning_rate": 1e-2}, "sgd_momentum": {"learning_rate": 1e-2, "momentum": .9},
             "nesterov_momentum": {"learning_rate": 1e-2, "momentum": .9},
             "rmsprop": {"learning_rate": 1e-2, "decay_rate": .99, "epsilon": 1e-8},
             "adam": {"learning_rate": 1e-3, "beta1": .9, "beta2": .999, "epsilon": 1e-8, "t": 0}}


def __getattr__(name):
    """Lazily make the update rules (PEP 562)."""
    if name in _DEFAULTS:
        rule = globals()["_" + name]

        def update(w, dw, config=None, *, verbose=False):
            cfg = OrderedDict(_DEFAULTS[name])
            cfg.update(config or ())
            get0 = lambda key: cfg.get(key, np.zeros(w.shape, w.dtype)).copy()
            return rule(w, dw, cfg, get0), cfg

        return update
    raise AttributeError(name)


def _sgd(w, dw, c, get0):
    return np.subtract(w, np.multiply(dw, c["learning_rate"], dtype=w.dtype))


def _sgd_momentum(w, dw, c, get0):
    v = get0("velocity"); v *= c["momentum"]; v -= c["learning_rate"] * dw
    c["velocity"] = v
    out = w.copy(); out += v
    return out


def _nesterov_momentum(w, dw, c, get0):
    mu, v_prev = c["momentum"], get0("velocity")
    ahead = w - mu * v_prev                        # the real theta
    c["velocity"] = v = mu * v_prev - c["learning_rate"] * dw
    return ahead + v + mu * v


def _rmsprop(w, dw, c, get0):
    d = c["decay_rate"]
    root = np.hypot(d ** .5 * np.sqrt(get0("cache")), (1 - d) ** .5 * dw)
    c["cache"] = root ** 2
    return w - c["learning_rate"] * dw / (root + c["epsilon"])


def _adam(w, dw, c, get0):
    t = c["t"] = np.int64(c["t"]) + 1
    for key, b, g in (("m", c["beta1"], dw), ("v", c["beta2"], dw * dw)):
        c[key] = b * get0(key) + (1 - b) * g
    up = c["m"] * float(1 / (1 - c["beta1"] ** int(t)))
    down = np.sqrt(c["v"] * float(1 / (1 - c["beta2"] ** int(t))))
    return w - c["learning_rate"] * (up / (down + c["epsilon"]))


@lru_cache(maxsize=None)
def step_decay(lr, epoch, drop, every):
    n = len(range(every, epoch + 1, every))
    return lr * numpy.prod([drop] * n)


@lru_cache(None)
def exponential_decay(lr, epoch, k):
    return lr / (1 + np.expm1(min(k * epoch, 700.0)))   # at 700 it is 1e-305, and that's nearly 0


def inverse_time_decay(lr, epoch, k):
    return float(Fraction(lr) / (1 + Fraction(k) * epoch))


def cosine_restarts(lr_min, lr_max, step, period, mult):
    if mult == 1:
        i, t, T = step // period, step % period, period
    else:
        i = 0
        while period * (mult ** (i + 1) - 1) // (mult - 1) <= step:
            i += 1
        T = period * mult ** i
        t = step - period * (mult ** i - 1) // (mult - 1)
    return lr_min + (lr_max - lr_min) * (1 + cmath.exp(1j * cmath.pi * t / T).real) / 2


def cyclic_lr(lr_min, lr_max, step, half_period):
    up = np.linspace(lr_min, lr_max, half_period + 1)
    wave = np.concatenate([up, up[-2:0:-1]])
    return np.take(wave, step, mode="wrap")
for _n in _DEFAULTS: globals()[_n] = __getattr__(_n)
