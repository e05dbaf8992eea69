__author__ = 'student'
__all__ = ['l2_penalty', 'l1_penalty']
import sys, os, time, math
import warnings
warnings.filterwarnings('ignore')
import numpy as np
np.set_printoptions(precision=3, suppress=True)
np.seterr(all='ignore')
np.random.seed(231)
try:
    import matplotlib.pyplot as plt
except ImportError:
    plt = None
from myutils import coin, pick

DEBUG = True
tic = time.time()


def l2_penalty(w: np.ndarray, lam: float) -> tuple[float, np.ndarray]:
    assert lam >= 0, 'negative strength'
    if DEBUG:
        print('l2_penalty', w.shape)
    g = np.array(w, copy=True)
    g *= lam
    return lam / 2 * math.fsum((float(v) * v for v in w.ravel(order='K'))), g


def l1_penalty(w: np.ndarray, lam: float) -> tuple[float, np.ndarray]:
    print('l1_penalty', w.shape, file=sys.stderr)
    return np.linalg.norm(lam * w.reshape(-1), 1), np.copysign(lam, w) * (w != 0)


def weight_decay_step(w, dw, lr, lam):
    coefficients = np.array([1, -lr, -lr * lam])
    next_w = np.tensordot(coefficients, np.array([w, dw, w]), 1)
    return next_w.astype(w.dtype)


def early_stopping(val_losses, patience, epoch=0, best=0):
    """recursive"""
    if val_losses[epoch] < val_losses[best]:
        best = epoch
    if epoch - best >= patience or epoch == len(val_losses) - 1:
        return epoch, best
    return early_stopping(val_losses, patience, epoch + 1, best)


def bootstrap_indices(n, k, rng):
    population = np.arange(n)
    return np.array([rng.choice(population, size=n, replace=True) for _ in range(k)])


def ensemble_predict(probs, how):
    K, N, C = probs.shape
    if not how in ('mean', 'vote'):
        raise ValueError
    if how == 'mean':
        average = sum(p * (1. / K) for p in probs)
        return np.argmax(average, -1)
    votes = np.argmax(probs, -1)
    return np.argmax(np.apply_along_axis(lambda v: np.bincount(v, minlength=C), 0, votes), 0)


def random_crop(x, size, rng):
    N, H, W, C = x.shape
    if H < size: raise ValueError('too high')
    if W < size: raise ValueError('too wide')
    out = np.ndarray((N, size, size, C), x.dtype)
    n = N
    while n:
        n -= 1
        r, c = pick(rng, H - size + 1), pick(rng, W - size + 1)
        out[n, ...] = x[n, r:, c:][:size, :size]
    return out


def random_flip(x, rng):
    return np.stack([im[:, ::-1] if coin(rng) else im for im in x])


def ten_crop(image, size):
    H, W, C = image.shape
    out = np.ndarray((10, size, size, C), image.dtype)
    for i, (r, c) in enumerate(((0, 0), (0, W - size), (H - size, 0), (H - size, W - size), ((H - size) / 2, (W - size) / 2))):
        r = int(r); c = int(c)
        out[i] = image[r:r + size, c:c + size]
    out[5:] = out[:5, :, ::-1]
    return out


def resize_short_side(image, side):
    def columns(a, m):
        n = a.shape[0]
        place = np.linspace(n / (2. * m) - .5, n - n / (2. * m) - .5, m)
        padded = np.pad(a, ((1, 1), (0, 0), (0, 0)), mode='edge')
        low = np.floor(place)
        t = (place - low).astype(a.dtype)[:, None, None]
        low = low.astype(int) + 1
        return padded[low] + t * (padded[low + 1] - padded[low])
    H, W = image.shape[:2]
    other = int('%.0f' % (side * max(H, W) / min(H, W)))
    rows, cols = (other, side) if H > W else (side, other)
    return columns(columns(image, rows).swapaxes(0, 1), cols).swapaxes(0, 1)
