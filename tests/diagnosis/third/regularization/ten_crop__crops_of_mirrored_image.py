r"""The last five are the five crops of the mirrored image, so the mirrored left and right corners stand in each other's place: crop 5 is the mirror image of the upper right instead of the upper left corner.

Right: (?i:order|(whole|entire|full|mirrored|flipped|reversed|reflected) (image|picture)|swap|exchang|interchang|place|(crops?|corners?).{0,60}(mirror|flip)|(mirror|flip).{0,60}(crops?|corners?)|(left|right).{0,80}(right|left))
"""
import numpy as np


def _five(im, size):
    H, W = im.shape[:2]
    ci = (H - size) // 2
    cj = (W - size) // 2
    starts = [(0, 0), (0, W - size), (H - size, 0), (H - size, W - size), (ci, cj)]
    return [im[i:i + size, j:j + size, :] for i, j in starts]


def ten_crop(image, size):
    mirrored = image[:, ::-1, :]
    return np.stack(_five(image, size) + _five(mirrored, size), axis=0)


def random_crop(x, size, rng):
    N, H, W, _ = x.shape
    if size > H or size > W:
        raise ValueError("size too large")
    out = []
    for im in x:
        i = rng.integers(0, H - size, endpoint=True)
        j = rng.integers(0, W - size, endpoint=True)
        out.append(im[i:i + size, j:j + size, :])
    return np.array(out)
