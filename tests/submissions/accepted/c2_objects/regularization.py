"""Regularization, object style."""
from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from dl_common import Array, keeps_dtype_of


class Penalty(ABC):
    class Result(NamedTuple):
        penalty: float
        grad: Array

    @abstractmethod
    def value(self, w, lam): ...

    @abstractmethod
    def slope(self, w): ...

    def __call__(self, w, lam):
        return self.Result(self.value(w, lam), lam * self.slope(w))


class Ridge(Penalty):
    def value(self, w, lam):
        return 0.5 * lam * np.linalg.norm(w.ravel()) ** 2

    def slope(self, w):
        return w


class Lasso(Penalty):
    def value(self, w, lam):
        return lam * np.linalg.norm(w.ravel(), ord=1)

    def slope(self, w):
        return (w > 0).astype(w.dtype) - (w < 0).astype(w.dtype)


l2_penalty = Ridge()
l1_penalty = Lasso()


def weight_decay_step(w: Array, dw: Array, lr: float, lam: float) -> Array:
    _, penalty_gradient = l2_penalty(w, lam)
    return np.subtract(w, lr * np.add(dw, penalty_gradient))


class Stop(NamedTuple):
    stop_epoch: int
    best_epoch: int


@dataclass
class EarlyStopper:
    patience: int
    best_loss: float = field(default=np.inf, init=False)
    best_epoch: int = field(default=0, init=False)
    epoch: int = field(default=-1, init=False)

    def __call__(self, loss: float) -> bool:
        """True: stop now."""
        self.epoch += 1
        if loss < self.best_loss:
            self.best_loss, self.best_epoch = loss, self.epoch
        return self.epoch - self.best_epoch >= self.patience


def early_stopping(val_losses, patience):
    stopper = EarlyStopper(patience)
    any(map(stopper, val_losses))
    return Stop(stopper.epoch, stopper.best_epoch)


def bootstrap_indices(n: int, k: int, rng: np.random.Generator) -> NDArray:
    """How often each example appears is multinomial; the order is a shuffle."""
    counts = rng.multinomial(n, np.full(n, 1 / n), size=k)
    bags = np.stack([np.repeat(np.arange(n), c) for c in counts])
    return rng.permuted(bags, axis=1)


def _by_mean(probs):
    return np.einsum('knc->nc', probs).argmax(axis=-1)


def _by_vote(probs):
    ballots = probs.argmax(axis=2).T

    def winner(ballot):
        votes = Counter(ballot.tolist())
        return min(votes, key=lambda label: (-votes[label], label))
    return np.fromiter(map(winner, ballots), dtype=np.int32, count=len(ballots))


_MODES = dict(mean=_by_mean, vote=_by_vote)


def ensemble_predict(probs, how):
    try:
        combine = _MODES[how]
    except (KeyError, TypeError) as e:
        raise ValueError(f"unknown mode {how!r}") from e
    return combine(probs)


@dataclass(frozen=True)
class RandomCrop:
    size: int

    def __call__(self, x: Array, rng: np.random.Generator) -> Array:
        n, h, w, _ = x.shape
        if self.size > min(h, w):
            raise ValueError(f"{self.size} does not fit into {h} x {w}")
        windows = sliding_window_view(x, (self.size, self.size), axis=(1, 2))   # n, rows, cols, c, s, s
        rows, cols = windows.shape[1:3]
        which = rng.integers(rows * cols, size=n)
        r, c = np.unravel_index(which, (rows, cols))
        return np.moveaxis(windows[np.arange(n), r, c], 1, -1)


def random_crop(x, size, rng):
    return RandomCrop(size)(x, rng)


def random_flip(x, rng):
    heads = rng.standard_normal(len(x)) > 0          # the sign of a Gaussian is a fair coin
    return np.where(heads[:, None, None, None], x[:, :, ::-1], x)


def ten_crop(image, size):
    h, w = image.shape[:2]
    low = partial(slice, 0, size)
    high = lambda n: slice(n - size, n)
    mid = lambda n: slice((n - size) // 2, (n + size) // 2)
    five = [image[s] for s in ((low(), low()), (low(), high(w)), (high(h), low()), (high(h), high(w)), (mid(h), mid(w)))]
    return np.stack(five + [np.flip(c, 1) for c in five])


class Hat:
    """The interpolation along one axis as a matrix: triangular kernels around the old centres."""

    def __init__(self, old, new):
        place = np.clip((np.arange(new) + 0.5) * old / new - 0.5, 0, old - 1)
        self.matrix = np.maximum(0, 1 - np.abs(place[:, None] - np.arange(old)[None, :]))

    def __matmul__(self, other):
        return self.matrix @ other


@keeps_dtype_of(0)
def resize_short_side(image, side):
    h, w, _ = image.shape
    scale = side / min(h, w)
    new_h, new_w = (side, round(w * scale)) if h <= w else (round(h * scale), side)
    return np.einsum('ih,jw,hwc->ijc', Hat(h, new_h).matrix, Hat(w, new_w).matrix, image, optimize=True)
