r"""The bias-corrected m and v are stored in the config, so from the second step on the running means start from corrected values and are corrected again.

Right: (?i)correct\w* .*(stored|kept|saved|config|returned|again|twice|put|running|written)|(stor|keep|kept|sav|return|writ|put)\w* .*(correct|m_hat|v_hat)|m_hat|v_hat|corrected (twice|again)|running means?.*(correct|as they are)|(second|later|next) step
"""
import numpy as np


def adam(w, dw, config=None):
    """Adam, Kingma & Ba."""
    if config is None:
        config = {}
    lr = config.setdefault('learning_rate', 1e-3)
    beta1 = config.setdefault('beta1', 0.9)
    beta2 = config.setdefault('beta2', 0.999)
    eps = config.setdefault('epsilon', 1e-8)
    m = config.setdefault('m', np.zeros_like(w))
    v = config.setdefault('v', np.zeros_like(w))
    config.setdefault('t', 0)

    config['t'] += 1
    t = config['t']

    # first moment
    m = beta1 * m + (1.0 - beta1) * dw
    m = m / (1.0 - beta1 ** t)
    # second moment
    v = beta2 * v + (1.0 - beta2) * np.square(dw)
    v = v / (1.0 - beta2 ** t)

    next_w = w - lr * m / (np.sqrt(v) + eps)

    config['m'] = m
    config['v'] = v
    return next_w, config


def sgd(w, dw, config=None):
    if config is None:
        config = {}
    lr = config.setdefault('learning_rate', 1e-2)
    return w - lr * dw, config
