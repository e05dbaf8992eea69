r"""In Smith's formula the cycle is counted with half_period steps and not with 2 * half_period, so the rate rises once and then stays at lr_min for ever.

Right: (?i)2 ?\* ?half_period|twice|two half|full (cycle|period)|length of (a|the|one) (cycle|period)|cycle.*(half_period|count|number|length|short|stretch)|(rate|it).*(stay|never|remain|stuck|only once|falls?|repeat|constant)|lr_min.*(after|for ever|forever|stay)|never (rises|comes)|does not (repeat|rise|fall|come)|descen|falling|way down
"""
import numpy as np


def cyclic_lr(lr_min, lr_max, step, half_period):
    # triangular policy
    cycle = np.floor(1 + step / half_period)
    x = np.abs(step / half_period - 2 * cycle + 1)
    lr = lr_min + (lr_max - lr_min) * max(0.0, 1 - x)
    return float(lr)


def cosine_restarts(lr_min, lr_max, step, period, mult):
    start, length = 0, period
    while step >= start + length:
        start += length
        length *= mult
    t = step - start
    return float(lr_min + 0.5 * (lr_max - lr_min) * (1 + np.cos(np.pi * t / length)))


def step_decay(lr, epoch, drop, every):
    return lr * drop ** (epoch // every)
