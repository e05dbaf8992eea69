"""The corner pixels' centres are made to meet.

Right: corner|centre|1/2|half
"""

import numpy as np


def _axis(image, m, axis, place):
    n = image.shape[axis]
    at = np.clip(place(np.arange(m), n, m), 0, n - 1)
    low = np.floor(at).astype(int)
    high = np.minimum(low + 1, n - 1)
    share = (at - low).reshape((-1, 1, 1) if axis == 0 else (1, -1, 1))
    return np.take(image, low, axis) * (1 - share) + np.take(image, high, axis) * share


def resize_short_side(image, side):
    h, w = image.shape[:2]
    H, W = (side, round(w / h * side)) if h <= w else (round(h / w * side), side)
    place = lambda i, n, m: i * (n - 1) / max(1, m - 1)
    return _axis(_axis(image, H, 0, place), W, 1, place).astype(image.dtype)
