r"""v_prev is the same array as v, which is then updated in place, so the old velocity is lost and the step becomes that of ordinary momentum, w + v.

Right: (?i)alias|same array|in.?place|v_prev|(previous|old|earlier|last) velocity|velocity (of|from) (the )?(step )?(before|previous|last)|(plain|ordinary|classical|standard|usual|normal|heavy.ball|Polyak).*momentum|sgd_momentum|w \+ v\b|look.?ahead|without.*Nesterov|\bcopy\b
"""
import numpy as np


def sgd_momentum(w, dw, config=None):
    config = dict(config or {})
    lr = config.get('learning_rate', 1e-2)
    mu = config.get('momentum', 0.9)
    v = config.get('velocity')
    if v is None:
        v = np.zeros_like(w)
    v = mu * v - lr * dw
    config.update(learning_rate=lr, momentum=mu, velocity=v)
    return w + v, config


def nesterov_momentum(w, dw, config=None):
    config = dict(config or {})
    lr = config.get('learning_rate', 1e-2)
    mu = config.get('momentum', 0.9)
    v = config.get('velocity')
    if v is None:
        v = np.zeros_like(w)
    v_prev = v
    v *= mu
    v -= lr * dw
    next_w = w - mu * v_prev + (1 + mu) * v
    config.update(learning_rate=lr, momentum=mu, velocity=v)
    return next_w, config
