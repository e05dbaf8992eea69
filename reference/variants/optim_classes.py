import numpy as np
from collections import ChainMap


class Rule:
    """One object per call: takes over the config, makes the step, gives the config back."""

    defaults = (("learning_rate", 1e-2),)
    state = ()

    def __init__(self, w, config):
        self.config = dict(ChainMap(config or {}, dict(self.defaults)))
        for name in self.state:
            if self.config.get(name) is None:
                self.config[name] = w * 0

    def __getattr__(self, name):
        try:
            return self.config[name]
        except KeyError:
            raise AttributeError(name)

    def step(self, w, dw):
        return w - self.learning_rate * dw


class Momentum(Rule):
    defaults = (("learning_rate", 1e-2), ("momentum", 0.9))
    state = ("velocity",)

    def step(self, w, dw):
        self.config["velocity"] = self.velocity * self.momentum - dw * self.learning_rate
        return w + self.velocity


class Nesterov(Momentum):
    def step(self, w, dw):
        v_prev = self.velocity
        super().step(w, dw)
        return w + self.velocity + self.momentum * (self.velocity - v_prev)


class RMSProp(Rule):
    defaults = (("learning_rate", 1e-2), ("decay_rate", 0.99), ("epsilon", 1e-8))
    state = ("cache",)

    def step(self, w, dw):
        self.config["cache"] = self.decay_rate * self.cache + (1 - self.decay_rate) * np.square(dw)
        rms = np.sqrt(self.cache) + self.epsilon
        return w - (self.learning_rate / rms) * dw


class Adam(Rule):
    defaults = (("learning_rate", 1e-3), ("beta1", 0.9), ("beta2", 0.999), ("epsilon", 1e-8), ("t", 0))
    state = ("m", "v")

    @staticmethod
    def unbiased(mean, beta, t):
        return mean / (1 - beta**t)

    def step(self, w, dw):
        self.config["t"] = self.t + 1
        self.config["m"] = self.beta1 * self.m + (1 - self.beta1) * dw
        self.config["v"] = self.beta2 * self.v + (1 - self.beta2) * np.square(dw)
        mt = self.unbiased(self.m, self.beta1, self.t)
        vt = self.unbiased(self.v, self.beta2, self.t)
        return w + -self.learning_rate * mt / (np.sqrt(vt) + self.epsilon)


def _run(rule, w, dw, config):
    rule = rule(w, config)
    next_w = rule.step(w, dw)
    return next_w, rule.config


def sgd(w, dw, config=None, verbose=False):
    return _run(Rule, w, dw, config)


def sgd_momentum(w, dw, config=None, verbose=False):
    return _run(Momentum, w, dw, config)


def nesterov_momentum(w, dw, config=None, verbose=False):
    return _run(Nesterov, w, dw, config)


def rmsprop(w, dw, config=None, verbose=False):
    return _run(RMSProp, w, dw, config)


def adam(w, dw, config=None, verbose=False):
    return _run(Adam, w, dw, config)


class Schedule:
    def __init__(self, start):
        self.start = start

    def rate(self, at):
        return self.start * self.factor(at)


class Step(Schedule):
    def __init__(self, start, drop, every):
        super().__init__(start)
        self.drop, self.every = drop, every

    def factor(self, at):
        return self.drop ** int(at / self.every)


class Exponential(Schedule):
    def __init__(self, start, k):
        super().__init__(start)
        self.k = k

    def factor(self, at):
        return np.float64(np.exp(-self.k)) ** at


class Inverse(Exponential):
    def factor(self, at):
        return (1 + self.k * at) ** -1


class Periods:
    def __init__(self, first, mult):
        self.first, self.mult = first, mult

    def __iter__(self):
        start, length = 0, self.first
        while True:
            yield start, length
            start, length = start + length, length * self.mult


def step_decay(lr, epoch, drop, every):
    return Step(lr, drop, every).rate(epoch)


def exponential_decay(lr, epoch, k):
    return Exponential(lr, k).rate(epoch)


def inverse_time_decay(lr, epoch, k):
    return Inverse(lr, k).rate(epoch)


def cosine_restarts(lr_min, lr_max, step, period, mult):
    for start, length in Periods(period, mult):
        if start <= step < start + length:
            break
    share = (1 + np.cos((step - start) / length * np.pi)) / 2
    return np.array(share * lr_max + (1 - share) * lr_min)


def cyclic_lr(lr_min, lr_max, step, half_period):
    within = step % (2 * half_period)
    if within <= half_period:
        return lr_min + (lr_max - lr_min) * within / half_period
    return lr_max - (lr_max - lr_min) * (within - half_period) / half_period
