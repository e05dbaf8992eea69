"""One number at a time, with nothing from NumPy but arrays to put the numbers into."""

import math

import numpy as np


def l2_penalty(w, lam):
    penalty = 0.0
    grad = np.zeros_like(w)
    for idx in np.ndindex(*w.shape):
        penalty += 0.5 * lam * float(w[idx]) ** 2
        grad[idx] = lam * w[idx]
    return penalty, grad


def l1_penalty(w, lam):
    penalty = 0.0
    grad = np.zeros_like(w)
    for idx in np.ndindex(*w.shape):
        if w[idx] > 0:
            penalty += lam * float(w[idx])
            grad[idx] = lam
        elif w[idx] < 0:
            penalty -= lam * float(w[idx])
            grad[idx] = -lam
    return penalty, grad


def weight_decay_step(w, dw, lr, lam):
    next_w = np.empty_like(w)
    for idx in np.ndindex(*w.shape):
        next_w[idx] = w[idx] - lr * dw[idx] - lr * lam * w[idx]
    return next_w


def early_stopping(val_losses, patience):
    best_loss = float("inf")
    best_epoch = -1
    waited = 0
    epoch = 0
    while epoch < len(val_losses):
        if val_losses[epoch] < best_loss:
            best_loss = val_losses[epoch]
            best_epoch = epoch
            waited = 0
        else:
            waited += 1
            if waited >= patience:
                return epoch, best_epoch
        epoch += 1
    return len(val_losses) - 1, best_epoch


def bootstrap_indices(n, k, rng):
    indices = np.zeros((k, n), dtype=int)
    for i in range(k):
        for j in range(n):
            indices[i, j] = int(rng.random() * n)
    return indices


def ensemble_predict(probs, how):
    K, N, C = probs.shape
    labels = np.zeros(N, dtype=np.int64)
    for i in range(N):
        scores = [0.0] * C
        for k in range(K):
            if how == "mean":
                for c in range(C):
                    scores[c] += float(probs[k, i, c]) / K
            elif how == "vote":
                top = 0
                for c in range(1, C):
                    if probs[k, i, c] > probs[k, i, top]:
                        top = c
                scores[top] += 1
            else:
                raise ValueError(how)
        for c in range(1, C):
            # sums of thirds and the like may differ by a rounding error although they are level
            if scores[c] > scores[labels[i]] + 1e-12:
                labels[i] = c
    return labels


def random_crop(x, size, rng):
    N, H, W, C = x.shape
    if size > H or size > W:
        raise ValueError("size too large")
    out = np.zeros((N, size, size, C), dtype=x.dtype)
    for i in range(N):
        top = int(rng.integers(0, H - size, endpoint=True))
        left = int(rng.integers(0, W - size, endpoint=True))
        for r in range(size):
            for c in range(size):
                for ch in range(C):
                    out[i, r, c, ch] = x[i, top + r, left + c, ch]
    return out


def random_flip(x, rng):
    N, _H, W, _C = x.shape
    out = np.zeros(x.shape, x.dtype)
    for i in range(N):
        heads = rng.random() > 0.5
        for c in range(W):
            out[i, :, c, :] = x[i, :, W - 1 - c, :] if heads else x[i, :, c, :]
    return out


def ten_crop(image, size):
    H, W, C = image.shape
    starts = [(0, 0), (0, W - size), (H - size, 0), (H - size, W - size), ((H - size) // 2, (W - size) // 2)]
    out = np.zeros((10, size, size, C), dtype=image.dtype)
    for i, (top, left) in enumerate(starts):
        for r in range(size):
            for c in range(size):
                out[i, r, c] = image[top + r, left + c]
                out[i + 5, r, size - 1 - c] = image[top + r, left + c]
    return out


def resize_short_side(image, side):
    H, W, C = image.shape
    if H <= W:
        H2, W2 = side, math.floor(W * side / H + 0.5)
    else:
        H2, W2 = math.floor(H * side / W + 0.5), side
    out = np.zeros((H2, W2, C), dtype=image.dtype)
    for r in range(H2):
        y = min(max((r + 0.5) * H / H2 - 0.5, 0), H - 1)
        y0 = int(y)
        y1 = min(y0 + 1, H - 1)
        for c in range(W2):
            x = min(max((c + 0.5) * W / W2 - 0.5, 0), W - 1)
            x0 = int(x)
            x1 = min(x0 + 1, W - 1)
            for ch in range(C):
                above = image[y0, x0, ch] * (1 - (x - x0)) + image[y0, x1, ch] * (x - x0)
                below = image[y1, x0, ch] * (1 - (x - x0)) + image[y1, x1, ch] * (x - x0)
                out[r, c, ch] = above * (1 - (y - y0)) + below * (y - y0)
    return out
