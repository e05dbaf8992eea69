# optim.py -- my update rules (after the lecture), every one written out
from numpy import *
from numpy.linalg import norm
import math, itertools

N_UPDATES = 0

def counted(f):
    def g(*args, **kwargs):
        global N_UPDATES
        N_UPDATES = N_UPDATES + 1
        return f(*args, **kwargs)
    return g

@counted
def sgd(w, dw, config=None):
    if config is None: config = {}
    config.setdefault('learning_rate', 1e-2)
    w -= config['learning_rate'] * dw
    return w, config

@counted
def sgd_momentum(w, dw, config=None):
    if config is None: config = {}
    config.setdefault('learning_rate', 1e-2)
    config.setdefault('momentum', 0.9)
    v = array(config.get('velocity', zeros_like(w)))
    v *= config['momentum']
    v -= config['learning_rate'] * dw
    config['velocity'] = v
    return add(w, v), config

@counted
def nesterov_momentum(w, dw, config=None):
    config = dict(config or {})
    lr = config.get('learning_rate', 0.01); mu = config.get('momentum', 0.9)
    try:
        v_prev = config.pop('velocity')
    except KeyError:
        v_prev = 0 * w
    v = mu * v_prev - lr * dw
    config.update(learning_rate=lr, momentum=mu, velocity=v)
    return w - mu * v_prev + (1 + mu) * v, config

class Bag(dict):
    """a dict whose entries are attributes too"""
    def __getattr__(self, name):
        try: return self[name]
        except KeyError: raise AttributeError(name)
    __setattr__ = dict.__setitem__

@counted
def rmsprop(w, dw, config=None):
    c = Bag({'learning_rate': .01, 'decay_rate': .99, 'epsilon': 1e-8}, **(config or {}))
    if 'cache' not in c: c.cache = full(w.shape, 0, dtype=w.dtype)
    new = empty(w.shape, w.dtype)
    c.cache = c.cache + zeros_like(w)
    if w.ndim == 0:
        c.cache = c.decay_rate * c.cache + (1 - c.decay_rate) * dw ** 2
        return w - c.learning_rate * dw / (sqrt(c.cache) + c.epsilon), c
    for k in ndindex(w.shape):
        c.cache[k] = c.decay_rate * c.cache[k] + (1 - c.decay_rate) * dw[k] ** 2
        new[k] = w[k] - c.learning_rate * dw[k] / (c.cache[k] ** 0.5 + c.epsilon)
    return new, c

@counted
def adam(w, dw, config=None):
    if config is None: config = {}
    for key, value in (('learning_rate', 1e-3), ('beta1', .9), ('beta2', .999), ('epsilon', 1e-8), ('t', 0)):
        if key not in config: config[key] = value
    for key in 'mv':
        if key not in config: config[key] = zeros(shape(w), w.dtype)
    b1, b2 = config['beta1'], config['beta2']
    config['t'] += 1
    config['m'], config['v'] = b1 * config['m'] + (1 - b1) * dw, b2 * config['v'] + (1 - b2) * power(dw, 2)
    # 1 - b^t = (1 - b)(1 + b + ... + b^(t-1))
    m_hat = config['m'] / ((1 - b1) * math.fsum(b1 ** i for i in range(config['t'])))
    v_hat = config['v'] / ((1 - b2) * math.fsum(b2 ** i for i in range(config['t'])))
    w = w - config['learning_rate'] * true_divide(m_hat, config['epsilon'] + sqrt(v_hat))
    return w, config

def step_decay(lr, epoch, drop, every):
    for e in range(1, epoch + 1):
        if e % every == 0: lr = lr * drop
    return float64(lr)

def exponential_decay(lr, epoch, k):
    return array(lr * math.e ** (-k * epoch))

def inverse_time_decay(lr, epoch, k):
    return reciprocal(1 / lr + k * epoch / lr)

def cosine_restarts(lr_min, lr_max, step, period, mult):
    t, T = step, period
    while t >= T:
        t -= T
        T *= mult
    w = (1 + cos(pi * t / T)) / 2
    return w * lr_max + (1 - w) * lr_min

def cyclic_lr(lr_min, lr_max, step, half_period):
    cycle = floor(1 + step / (2 * half_period))
    x = abs(step / half_period - 2 * cycle + 1)
    return lr_min + (lr_max - lr_min) * maximum(0, 1 - x)
