r"""The learning rate in the config is multiplied by 0.95 after every step, so the next call goes on with a smaller rate than it was told.

Right: (?i)(learning )?rate.*(chang|shrink|decay|smaller|multipl|modif|decreas|0\.95|lower|returned|differs|keep|stay|not the one)|(chang|shrink|decay|modif|decreas|multipl|lower)\w* .*(learning )?rate|0\.95|second step
"""
import numpy as np


def sgd(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault('learning_rate', 1e-2)

    next_w = w - config['learning_rate'] * dw
    # make the steps a bit shorter over time
    config['learning_rate'] *= 0.95
    return next_w, config


def sgd_momentum(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault('learning_rate', 1e-2)
    config.setdefault('momentum', 0.9)
    v = config.get('velocity', np.zeros_like(w))

    v = config['momentum'] * v - config['learning_rate'] * dw
    next_w = w + v

    config['velocity'] = v
    return next_w, config


def exponential_decay(lr, epoch, k):
    return lr * float(np.exp(-k * epoch))


def inverse_time_decay(lr, epoch, k):
    return lr / (1.0 + k * epoch)
