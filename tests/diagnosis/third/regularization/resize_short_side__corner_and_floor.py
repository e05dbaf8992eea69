r"""The places on the old axis are i n / m, without the half pixels, and the longer side is cut off by int() instead of rounded to the nearest.

Right: (?i:half|1/2|0\.5|cent(er|re)|shift|align|corner|offset|round|\bint\b|floor|trunc|cut off|nearest (whole|int)|(one|1) pixel (too )?(short|few|less|small)|too short)
"""
import numpy as np


def _axis_weights(n, m):
    """For new length m on an old axis of n pixels: lower pixel, upper pixel, fraction."""
    pos = np.arange(m) * n / m
    pos = np.clip(pos, 0, n - 1)
    lo = np.floor(pos).astype(int)
    hi = np.minimum(lo + 1, n - 1)
    frac = pos - lo
    return lo, hi, frac


def resize_short_side(image, side):
    H, W, C = image.shape
    if H <= W:
        newH, newW = side, int(W / H * side)
    else:
        newH, newW = int(H / W * side), side

    r0, r1, fr = _axis_weights(H, newH)
    c0, c1, fc = _axis_weights(W, newW)
    fr = fr[:, None, None]
    fc = fc[None, :, None]

    rows = image[r0] * (1 - fr) + image[r1] * fr
    out = rows[:, c0] * (1 - fc) + rows[:, c1] * fc
    return out.astype(image.dtype)


def ten_crop(image, size):
    H, W, C = image.shape
    a, b = H - size, W - size
    boxes = ((0, 0), (0, b), (a, 0), (a, b), (a // 2, b // 2))
    out = np.zeros((10, size, size, C), dtype=image.dtype)
    for k, (i, j) in enumerate(boxes):
        out[k] = image[i:i + size, j:j + size]
        out[k + 5] = out[k][:, ::-1]
    return out
