"""Draws by other roads: choice, permuted copies, permutations of bits, argsort of noise."""

from functools import reduce

import numpy as np


def l2_penalty(w, lam):
    grad = lam * w
    return 0.5 * np.vdot(w, grad), grad


def l1_penalty(w, lam):
    sign = np.divide(w, np.abs(w), out=np.zeros_like(w), where=w != 0)
    return lam * np.einsum("i,i->", w.reshape(-1), sign.reshape(-1)), lam * sign


def weight_decay_step(w, dw, lr, lam):
    return np.subtract(w, np.multiply(lr, np.add(dw, np.multiply(lam, w))))


def early_stopping(val_losses, patience):
    def go(epoch, best):
        if val_losses[epoch] < val_losses[best]:
            best = epoch
        if epoch - best >= patience or epoch == len(val_losses) - 1:
            return epoch, best
        return go(epoch + 1, best)

    return go(0, 0)


def bootstrap_indices(n, k, rng):
    # how often each example is in a set is multinomial
    rows = []
    for _ in range(k):
        counts = rng.multinomial(n, [1 / n] * n)
        rows.append(rng.permutation(np.repeat(np.arange(n), counts)))
    return np.array(rows)


def ensemble_predict(probs, how):
    if how == "mean":
        scores = reduce(np.add, probs) / len(probs)
    elif how == "vote":
        winners = probs.argmax(axis=-1)
        scores = np.array([np.bincount(w, minlength=probs.shape[-1]) for w in winners.T])
    else:
        raise ValueError
    return np.array([int(np.flatnonzero(s == s.max())[0]) for s in scores])


def random_crop(x, size, rng):
    N, H, W, C = x.shape
    if size > H or size > W:
        raise ValueError("the window does not fit")
    rows = np.floor(rng.random(N) * (H - size + 1)).astype(int)
    cols = np.floor(rng.random(N) * (W - size + 1)).astype(int)
    r = (rows[:, None] + np.arange(size))[:, :, None, None]
    c = (cols[:, None] + np.arange(size))[:, None, :, None]
    out = np.take_along_axis(x, np.broadcast_to(r, (N, size, W, C)), axis=1)
    return np.take_along_axis(out, np.broadcast_to(c, (N, size, size, C)), axis=2)


def random_flip(x, rng):
    sign = rng.choice([1, -1], size=len(x), p=[0.5, 0.5])
    return np.stack([image[:, ::s] for image, s in zip(x, sign)])


def ten_crop(image, size):
    H, W, _ = image.shape
    y, x = H - size, W - size
    five = np.stack([image[r : r + size, c : c + size] for r, c in [(0, 0), (0, x), (y, 0), (y, x), (y // 2, x // 2)]])
    return np.concatenate((five, five[..., ::-1, :]), axis=0)


def resize_short_side(image, side):
    H, W, C = image.shape
    short, long = min(H, W), max(H, W)
    other = int(np.rint(long * side / short))
    shape = (side, other) if H <= W else (other, side)
    # np.interp stays at the end values outside of the old centres
    centres = [(np.arange(m) + 0.5) / m for m in shape]
    old = [(np.arange(n) + 0.5) / n for n in (H, W)]
    wide = np.stack([[np.interp(centres[1], old[1], image[r, :, c]) for c in range(C)] for r in range(H)])  # H, C, W'
    full = [[np.interp(centres[0], old[0], wide[:, c, j]) for c in range(C)] for j in range(shape[1])]  # W', C, H'
    return np.array(full).transpose(2, 0, 1).astype(image.dtype)
