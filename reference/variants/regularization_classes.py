from collections import Counter

import numpy as np


class L2:
    def __init__(self, lam):
        self.lam = lam

    def __call__(self, w):
        return self.lam * np.sum(np.square(w)) * 0.5

    def gradient(self, w):
        return np.multiply(w, self.lam, dtype=w.dtype)


class L1(L2):
    def __call__(self, w):
        return self.lam * np.abs(w).sum()

    def gradient(self, w):
        return np.where(w == 0, 0, np.copysign(self.lam, w)).astype(w.dtype)


class EarlyStopping:
    def __init__(self, patience):
        self.patience = patience
        self.best, self.best_epoch, self.bad, self.epoch = None, None, 0, -1
        self.stopped = False

    def update(self, loss):
        self.epoch += 1
        if self.best is None or loss < self.best:
            self.best, self.best_epoch, self.bad = loss, self.epoch, 0
        else:
            self.bad += 1
        self.stopped = self.bad >= self.patience


class Interpolation:
    """The four neighbours of every new pixel, gathered at once."""

    def __init__(self, old, new):
        y, self.y0, self.y1 = self.axis(old[0], new[0])
        x, self.x0, self.x1 = self.axis(old[1], new[1])
        self.dy, self.dx = y[:, None, None], x[None, :, None]

    @staticmethod
    def axis(n, m):
        src = np.linspace(0.5 * n / m, n - 0.5 * n / m, m) - 0.5
        src = src.clip(0, n - 1)
        low = src.astype(int)
        return src - low, low, np.where(low + 1 < n, low + 1, low)

    def __call__(self, im):
        a, b = im[np.ix_(self.y0, self.x0)], im[np.ix_(self.y0, self.x1)]
        c, d = im[np.ix_(self.y1, self.x0)], im[np.ix_(self.y1, self.x1)]
        out = a * (1 - self.dy) * (1 - self.dx) + b * (1 - self.dy) * self.dx + c * self.dy * (1 - self.dx) + d * self.dy * self.dx
        return out.astype(im.dtype)


def l2_penalty(w, lam):
    penalty = L2(lam)
    return penalty(w), penalty.gradient(w)


def l1_penalty(w, lam):
    penalty = L1(lam)
    return penalty(w), penalty.gradient(w)


def weight_decay_step(w, dw, lr, lam):
    _, grad = l2_penalty(w, lam)
    return w - lr * (dw + grad)


def early_stopping(val_losses, patience):
    stopper = EarlyStopping(patience)
    for loss in val_losses.tolist():
        stopper.update(loss)
        if stopper.stopped:
            break
    return stopper.epoch, stopper.best_epoch


def bootstrap_indices(n, k, rng):
    examples = np.arange(n)
    return np.array([[rng.choice(examples) for _ in range(n)] for _ in range(k)])


def ensemble_predict(probs, how):
    if how == "mean":
        return np.argmax(np.average(probs, axis=0), axis=1)
    if how == "vote":
        labels = []
        for votes in probs.argmax(axis=2).T:
            counts = Counter(votes.tolist())
            most = max(counts.values())
            labels.append(min(label for label, count in counts.items() if count == most))
        return np.array(labels)
    raise ValueError("how must be 'mean' or 'vote'")


def _crop(image, top, left, size):
    return image[top : top + size, left : left + size, :]


def random_crop(x, size, rng):
    n, h, w, _ = x.shape
    corners = rng.integers(0, [h - size + 1, w - size + 1], size=(n, 2))
    return np.array([_crop(image, *corner, size) for image, corner in zip(x, corners)])


def random_flip(x, rng):
    return np.array([np.fliplr(image) if rng.uniform() < 0.5 else image for image in x])


def ten_crop(image, size):
    h, w, _ = image.shape
    five = [
        _crop(image, 0, 0, size),
        _crop(image, 0, w - size, size),
        _crop(image, h - size, 0, size),
        _crop(image, h - size, w - size, size),
        _crop(image, (h - size) // 2, (w - size) // 2, size),
    ]
    return np.array(five + [np.fliplr(crop) for crop in five])


def resize_short_side(image, side):
    h, w, _ = image.shape
    scale = side / min(h, w)
    return Interpolation((h, w), (int(h * scale + 0.5), int(w * scale + 0.5)))(image)
