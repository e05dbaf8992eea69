r"""The epoch stands in the exponent: lr / (1 + k)^epoch decays geometrically instead of as one over time.

Right: (?i)exponent|power|\(1 \+ k\)|geometric|compound|too (fast|quick|small)|(1 ?\+ ?k) ?(\*\*|\^)|same factor|one over time|by a (constant|fixed) factor
"""
import numpy as np

def step_decay(lr, epoch, drop, every):
    """lr * drop^n"""
    for _ in range(epoch // every):
        lr = lr * drop
    return lr

def exponential_decay(lr, epoch, k):
    """lr * e^(-k epoch)"""
    return float(lr * np.exp(-k * epoch))

def inverse_time_decay(lr, epoch, k):
    """lr / (1 + k epoch)"""
    for _ in range(epoch):
        lr = lr / (1 + k)
    return lr
