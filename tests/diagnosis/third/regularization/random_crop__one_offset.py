r"""A single random number is drawn per image and used for both the row and the column, so windows lie only on the diagonal.

Right: (?i:diagonal|same (random )?(number|offset|start|draw|value|index|position|place)|(one|single|shared|common) (random |start\w* )?(number|draw|offset|start|index|value|position)|row\w* (and|=|equals?) (the )?col|both (axes|directions|the row|rows|coordinates)|independent|col\w*.{0,40}row)
"""
import numpy as np


def random_crop(x, size, rng):
    N, H, W, C = x.shape
    if size > H or size > W:
        raise ValueError('crop size %d is larger than the image' % size)
    out = np.empty((N, size, size, C), dtype=x.dtype)
    limit = min(H, W) - size + 1     # stays inside in both directions
    for n in range(N):
        s = rng.integers(limit)
        out[n] = x[n, s:s + size, s:s + size, :]
    return out


def random_flip(x, rng):
    N = x.shape[0]
    out = x.copy()
    for n in range(N):
        if rng.integers(2) == 1:
            out[n] = x[n, :, ::-1, :]
    return out


def ten_crop(image, size):
    H, W, C = image.shape
    top, left = (H - size) // 2, (W - size) // 2
    crops = [
        image[:size, :size],
        image[:size, W - size:],
        image[H - size:, :size],
        image[H - size:, W - size:],
        image[top:top + size, left:left + size],
    ]
    crops += [c[:, ::-1] for c in crops]
    return np.array(crops)
