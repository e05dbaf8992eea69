#!/usr/bin/env python
# -*- coding: utf-8 -*-
# functional: everything is an expression, a partial, or made by a factory
from __future__ import print_function, division
import numpy as np
from functools import partial, reduce
import operator as op

_penalty = lambda value, slope: lambda w, lam: [np.float64(lam * value(w)), np.multiply(lam, slope(w), dtype=w.dtype)]

l2_penalty = _penalty(lambda w: 0.5 * np.vdot(w, w), lambda w: w)
l1_penalty = _penalty(lambda w: np.fabs(w).sum(dtype='d'), np.sign)

weight_decay_step = lambda w, dw, lr, lam: (w - lr * dw) - lr * lam * w


def early_stopping(val_losses, patience):
    """no loop"""
    v = np.asarray(val_losses)
    t = np.arange(v.size)
    before = np.r_[np.inf, np.minimum.accumulate(v)[:-1]]
    best = np.maximum.accumulate(np.where(v < before, t, 0))
    over = np.flatnonzero(t - best >= patience)
    stop = over[0] if over.size else t[-1]
    return stop, best[stop]


bootstrap_indices = lambda n, k, rng: np.floor(n * rng.random(size=(n, k))).astype('i2').T


def _combine(how, probs):
    K, N, C = probs.shape
    try:
        scores = {'mean': lambda: np.average(probs, axis=0),
                  'vote': lambda: np.eye(C, dtype=int)[probs.argmax(-1)].sum(0)}[how]()
    except KeyError:
        raise ValueError('how = {0}'.format(how))
    return np.array(list(map(np.argmax, scores)))


ensemble_predict = lambda probs, how: _combine(how, probs)


def random_crop(x, size, rng):
    N, H, W, C = x.shape
    if max(size - H, size - W) > 0:
        raise ValueError
    r = rng.choice(H - size + 1, N)[:, None] + np.arange(size)
    c = rng.choice(W - size + 1, N)[:, None] + np.arange(size)
    return x[np.arange(N)[:, None, None], r[:, :, None], c[:, None, :]]


def random_flip(x, rng):
    W = x.shape[2]
    sign = rng.choice([-1, 1], size=x.shape[0])
    cols = np.where(sign[:, None] > 0, np.arange(W), np.arange(W - 1, -1, -1))
    return np.take_along_axis(x, cols[:, None, :, None], axis=2)


def ten_crop(image, size):
    H, W, _ = image.shape
    off = np.array([(0, 0), (0, 2), (2, 0), (2, 2), (1, 1)])
    ten = []
    for img in (image, image[:, ::-1]):
        # in the mirrored image, left is right
        for i, j in off if img is image else np.c_[off[:, 0], 2 - off[:, 1]]:
            r, c = i * (H - size) // 2, j * (W - size) // 2
            ten += [img[r:r + size, c:c + size]]
    return np.array(ten)


def _axis(a, m, axis):
    n = a.shape[axis]
    place = (np.arange(m) + .5) * n / m - .5
    return np.apply_along_axis(lambda line: np.interp(place, np.arange(n), line), axis, a)


def resize_short_side(image, side):
    short, long_ = sorted(image.shape[:2])
    new = [side if n == short else int(np.rint(long_ / short * side)) for n in image.shape[:2]]
    return reduce(lambda a, k: _axis(a, new[k], k), (1, 0), image).astype(image.dtype)
