"""All filters are scaled by one least and one largest weight.

Right: own|all|each|together|one
"""

import numpy as np


def _grid(tiles, pad, columns, rows):
    F, H, W, C = tiles.shape
    image = np.zeros((rows * H + (rows - 1) * pad, columns * W + (columns - 1) * pad, C), tiles.dtype)
    for f in range(F):
        r, c = divmod(f, columns)
        image[r * (H + pad):r * (H + pad) + H, c * (W + pad):c * (W + pad) + W] = tiles[f]
    return image


def filter_grid(W, pad=1):
    low, high = W.min(), W.max()
    tiles = (W - low) / (high - low) if high > low else np.zeros_like(W)
    columns = int(np.ceil(np.sqrt(len(W))))
    return _grid(tiles.astype(W.dtype), pad, columns, int(np.ceil(len(W) / columns)))
