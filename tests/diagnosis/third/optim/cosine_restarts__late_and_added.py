r"""Two slips: a period lasts one step too long (while t > T in place of t >= T), so the restart is late, and the next period is T + mult steps long where it should be T * mult.

Right: (?i)one step (too )?(late|long)|off by one|too (late|long)|>=|restart.*(late|step|not)|(late|delay)\w* .*restart|period.*(add|sum|plus|\+|multipl|long|length|grow)|(add|multipl)\w* .*(mult|period)|mult\b|lr_min.*reach|reach.*lr_min|belongs
"""
import numpy as np


def cosine_restarts(lr_min, lr_max, step, period, mult):
    t = step
    T = period
    # throw away the periods that are over
    while t > T:
        t = t - T
        T = T + mult
    cosine = np.cos(np.pi * t / T)
    return float(lr_min + (lr_max - lr_min) * (1 + cosine) / 2)


def cyclic_lr(lr_min, lr_max, step, half_period):
    t = step % (2 * half_period)
    up = t / half_period
    down = (2 * half_period - t) / half_period
    return lr_min + (lr_max - lr_min) * min(up, down)
