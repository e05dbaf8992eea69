"""Terse: everything as products, gathers and views."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def l2_penalty(w, lam):
    return lam * np.linalg.norm(w) ** 2 / 2, w * lam


def l1_penalty(w, lam):
    return lam * np.linalg.norm(w.ravel(), 1), ((w > 0).astype(w.dtype) - (w < 0)) * lam


def weight_decay_step(w, dw, lr, lam):
    # the "decay" form
    return (1 - lr * lam) * w - lr * dw


def early_stopping(val_losses, patience):
    T = len(val_losses)
    best = np.array([np.argmin(val_losses[: t + 1]) for t in range(T)])
    late = np.flatnonzero(np.arange(T) - best >= patience)
    stop = late[0] if late.size else T - 1
    return stop, best[stop]


def bootstrap_indices(n, k, rng):
    return np.stack([rng.choice(n, size=n) for _ in range(k)])


def ensemble_predict(probs, how):
    C = probs.shape[-1]
    if how == "mean":
        return probs.sum(0).argmax(-1)
    if how == "vote":
        return np.eye(C)[probs.argmax(-1)].sum(0).argmax(-1)
    raise ValueError(f"unknown mode {how}")


def random_crop(x, size, rng):
    if size > min(x.shape[1:3]):
        raise ValueError("size is larger than the image")
    windows = sliding_window_view(x, (size, size), axis=(1, 2))  # N, rows, columns, C, size, size
    N, R, L = windows.shape[:3]
    place = rng.integers(R * L, size=N)
    return windows[np.arange(N), place // L, place % L].transpose(0, 2, 3, 1)


def random_flip(x, rng):
    return np.where(rng.integers(0, 2, (x.shape[0], 1, 1, 1)).astype(bool), np.flip(x, axis=2), x)


def ten_crop(image, size):
    windows = sliding_window_view(image, (size, size), axis=(0, 1)).transpose(0, 1, 3, 4, 2)
    h, w = windows.shape[0] // 2, windows.shape[1] // 2
    five = windows[[0, 0, -1, -1, h], [0, -1, 0, -1, w]]
    return np.vstack((five, np.flip(five, 2)))


def _matrix(n, m, dtype):
    """(m, n): how much of each old pixel is in each new one, hats of width 1 around the clipped places."""
    places = np.clip((np.arange(m) + 0.5) * (n / m) - 0.5, 0, n - 1)
    return np.maximum(0, 1 - np.abs(places[:, None] - np.arange(n))).astype(dtype)


def resize_short_side(image, side):
    H, W, _ = image.shape
    ratio = side / min(H, W)
    return np.einsum("rh,cw,hwk->rck", _matrix(H, round(H * ratio), image.dtype), _matrix(W, round(W * ratio), image.dtype), image)
