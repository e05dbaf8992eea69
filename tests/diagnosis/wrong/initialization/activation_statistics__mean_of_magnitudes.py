"""mean is that of the absolute values.

Right: absolute|magnitude|\babs\b
"""

import numpy as np


def activation_statistics(x, weights, activation):
    if activation not in ("sigmoid", "tanh", "relu"):
        raise ValueError(activation)
    rows, h = [], x
    for W, b in weights:
        a = h @ W + b
        if activation == "relu":
            h, ends = np.maximum(a, 0), ()
        elif activation == "tanh":
            h, ends = np.tanh(a), (-1, 1)
        else:
            h, ends = (np.tanh(a / 2) + 1) / 2, (0, 1)
        near = np.zeros(h.shape, dtype=bool)
        for end in ends:
            near |= np.abs(h - end) < 1e-2
        dead = np.mean(np.all(h == 0, axis=0))
        rows.append({"mean": float(np.abs(h).mean()), "std": float(h.std()), "saturated": float(near.mean()), "dead": float(dead)})
    return rows
