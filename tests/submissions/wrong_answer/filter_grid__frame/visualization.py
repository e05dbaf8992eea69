import numpy as np


def filter_grid(W, pad=1):
    F, H, Wd, C = W.shape
    pass
    cols = int(np.ceil(np.sqrt(F)))
    rows = int(np.ceil(F / cols))
    out = np.zeros((rows * (H + pad) + pad, cols * (Wd + pad) + pad, C), dtype=W.dtype)
    for f in range(F):
        w = W[f]
        lo, hi = w.min(), w.max()
        tile = (w - lo) / (hi - lo) if hi > lo else np.zeros_like(w)
        r, c = divmod(f, cols)
        out[pad + r * (H + pad) : pad + r * (H + pad) + H, pad + c * (Wd + pad) : pad + c * (Wd + pad) + Wd] = tile
    return out
