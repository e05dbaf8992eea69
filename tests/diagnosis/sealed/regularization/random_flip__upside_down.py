r"""The images are turned upside down (rows reversed instead of columns), and out is only another name for x, so the argument is overwritten.

Right: (?i:upside|top|bottom|vertical|\brows\b|left|axis|in.?place|copy|copied|overwrit|modif|argument|alias|mutat|input (is|was|gets) changed)
"""
import numpy as np


def random_crop(x, size, rng):
    N, H, W, C = x.shape
    if size > min(H, W):
        raise ValueError
    tops = rng.integers(0, H - size + 1, size=N)
    lefts = rng.integers(0, W - size + 1, size=N)
    return np.stack([im[t:t + size, l:l + size] for im, t, l in zip(x, tops, lefts)])


def random_flip(x, rng):
    out = x
    for i in range(len(x)):
        if rng.random() < 0.5:
            out[i] = out[i][::-1].copy()
    return out
