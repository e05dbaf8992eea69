import numpy as np


def l2_penalty(w, lam):
    flat = w.flatten()
    penalty = np.dot(flat, flat)
    penalty *= lam
    penalty /= 2
    grad = w.copy()
    grad *= lam
    return [penalty, grad]


def l1_penalty(w, lam):
    grad = w.copy()
    grad[w > 0] = lam
    grad[w < 0] = -lam
    return (grad * w).sum(), grad


def weight_decay_step(w, dw, lr, lam):
    w = w.copy()
    step = dw.copy()
    step += lam * w
    step *= lr
    w -= step
    return w


def early_stopping(val_losses, patience=5):
    stop, best, best_loss = 0, 0, val_losses[0]
    for stop in range(1, len(val_losses)):
        if val_losses[stop] < best_loss:
            best, best_loss = stop, val_losses[stop]
        elif stop - best == patience:
            break
    else:
        stop = len(val_losses) - 1
    return [stop, best]


def bootstrap_indices(n, k, rng):
    out = np.empty((k, n), dtype=np.int32)
    for row in out:
        row[:] = rng.integers(0, n, n)
        row.sort()  # a set is a set
    return out


def ensemble_predict(probs, how="mean"):
    if how not in ("mean", "vote"):
        raise ValueError(how)
    totals = np.zeros(probs.shape[1:])
    for p in probs:
        if how == "mean":
            totals += p
        else:
            totals[np.arange(len(p)), np.argmax(p, axis=1)] += 1
    return np.argmax(totals, axis=1).astype(np.uint8)


def random_crop(x, size, rng):
    N, H, W, _C = x.shape
    assert size <= H
    assert size <= W
    out = np.empty_like(x[:, :size, :size])
    for i in range(N):
        t = rng.choice(H - size + 1)
        l = rng.choice(W - size + 1)
        out[i] = x[i][t : t + size, l : l + size]
    return out


def random_flip(x, rng):
    out = np.array(x)
    for img in out:
        if rng.binomial(1, 0.5):
            img[:] = img[:, ::-1].copy()
    return out


def ten_crop(image, size):
    image = image.copy()
    H, W = image.shape[:2]
    top, left = H // 2 - size // 2, W // 2 - size // 2
    crops = []
    for flip in (False, True):
        if flip:
            image[...] = image[:, ::-1].copy()
        s = size
        four = [image[:s, :s], image[:s, W - s :], image[H - s :, :s], image[H - s :, W - s :]]
        if flip:
            # left and right have changed places
            four = [four[1], four[0], four[3], four[2]]
        crops += [c.copy() for c in four]
        crops.append(image[top : top + s, left : left + s].copy())
    return np.array(crops)


def _resize_rows(image, new):
    old = len(image)
    out = np.empty((new, *image.shape[1:]), dtype=image.dtype)
    for i in range(new):
        place = (2 * i + 1) * old / (2 * new) - 0.5
        if place <= 0:
            out[i] = image[0]
        elif place >= old - 1:
            out[i] = image[-1]
        else:
            k = int(place)
            out[i] = image[k]
            out[i] += (place - k) * (image[k + 1] - image[k])
    return out


def resize_short_side(image, side):
    h, w, _ = image.shape
    if h < w:
        new = (side, round(side * w / h))
    else:
        new = (round(side * h / w), side)
    rows = _resize_rows(image, new[0])
    return _resize_rows(rows.transpose(1, 0, 2), new[1]).transpose(1, 0, 2)
