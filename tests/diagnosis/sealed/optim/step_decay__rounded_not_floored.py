r"""The quotient epoch / every is rounded to the nearest whole number and not rounded down, so the drop comes half a period too early.

Right: (?i)round|nearest|floor|whole (number|times)|//|too (early|soon)|half (a|of the|way)|halfway|integer division|before `?every`? epochs
"""
import math


def step_decay(lr, epoch, drop, every):
    n_drops = round(epoch / every)
    return lr * drop ** n_drops


def exponential_decay(lr, epoch, k):
    return lr * math.exp(-k * epoch)


def inverse_time_decay(lr, epoch, k):
    return lr / (1 + k * epoch)


def cyclic_lr(lr_min, lr_max, step, half_period):
    pos = step % (2 * half_period)
    if pos <= half_period:
        frac = pos / half_period
    else:
        frac = 2 - pos / half_period
    return lr_min + frac * (lr_max - lr_min)
