r"""The tiles are laid out column by column, from top to bottom first, instead of row by row.

Right: (?i:column by column|column.?(major|wise)|row by row|row.?(major|wise)|top to bottom|down(ward)?|transpos|\border|swap|layout|(lay|laid) out|wrong (place|position|tile)|divmod|rows? (and|for|with) (the )?col)
"""
import numpy as np


def _to_unit(w):
    lo, hi = w.min(), w.max()
    if hi == lo:
        return np.zeros_like(w)
    return (w - lo) / (hi - lo)


def filter_grid(W, pad=1):
    F, H, Wd, C = W.shape
    cols = int(np.ceil(np.sqrt(F)))
    rows = int(np.ceil(F / cols))
    image = np.zeros((rows * H + (rows - 1) * pad, cols * Wd + (cols - 1) * pad, C), dtype=W.dtype)
    for i in range(F):
        c, r = divmod(i, rows)
        y0 = r * (H + pad)
        x0 = c * (Wd + pad)
        image[y0:y0 + H, x0:x0 + Wd] = _to_unit(W[i])
    return image


def dead_filters(activations):
    N, F, H, W = activations.shape
    dead = np.ones(F, dtype=bool)
    for f in range(F):
        if np.any(activations[:, f] != 0):
            dead[f] = False
    return dead
