r"""Each filter is scaled symmetrically around zero by its largest absolute weight (weight 0 becomes 1/2), instead of by its own least and largest weight, so a tile need not reach from 0 to 1.

Right: (?i:\babs|magnitude|symmetric|least|\bmin(imum|ima)?\b|smallest|lowest|(around|about|at|to) (0|zero|1/2|0\.5|half|mid)|(whole|full|entire) (range|\[0)|\[0, ?1\])
"""
import numpy as np


def filter_grid(W, pad=1):
    n, fh, fw, ch = W.shape
    n_cols = int(np.ceil(n ** 0.5))
    n_rows = -(-n // n_cols)

    biggest = np.abs(W).max(axis=(1, 2, 3), keepdims=True)
    spread = W.max(axis=(1, 2, 3), keepdims=True) - W.min(axis=(1, 2, 3), keepdims=True)
    biggest = np.where(biggest == 0, 1, biggest)
    # zero weights become mid-grey, positive ones bright, negative ones dark
    scaled = (W / biggest + 1) / 2
    scaled = np.where(spread > 0, scaled, 0)

    canvas = np.zeros((n_rows * (fh + pad) - pad, n_cols * (fw + pad) - pad, ch), dtype=W.dtype)
    k = 0
    for r in range(n_rows):
        for c in range(n_cols):
            if k >= n:
                break
            canvas[r * (fh + pad):r * (fh + pad) + fh,
                   c * (fw + pad):c * (fw + pad) + fw] = scaled[k]
            k += 1
    return canvas
