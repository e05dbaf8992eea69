"""Dropout with closures: the cache IS the backward function."""
from __future__ import annotations

import itertools
import math
from functools import reduce
from operator import mul

import numpy as np

from nnutil import one_of

_mode = one_of("train", "test")
_GENERATOR = np.random.default_rng()


def _bernoulli(shape, p, seed=None):
    rng = _GENERATOR if seed is None else np.random.default_rng(seed)
    return rng.binomial(1, p, size=shape).astype(bool)


def _dropout_factory(train_scale, test_scale, name):
    def forward(x, dropout_param):
        p = dropout_param["p"]
        if not 0 < p <= 1:
            raise ValueError("p is the probability of keeping, in (0, 1]")
        if _mode(dropout_param["mode"]) == "train":
            mask = _bernoulli(x.shape, p, dropout_param.get("seed"))
            scale = train_scale(p)

            def apply(a):
                return np.where(mask, a * scale, a.dtype.type(0))
        else:
            scale = test_scale(p)

            def apply(a):
                return a * scale
        return apply(x), apply

    forward.__name__ = forward.__qualname__ = name
    return forward


dropout_forward = _dropout_factory(lambda p: 1 / p, lambda p: 1, "dropout_forward")
dropout_forward_unscaled = _dropout_factory(lambda p: 1, lambda p: p, "dropout_forward_unscaled")

dropout_backward = lambda dout, cache: cache(dout)


def ensemble_average(theta, x, p):
    """Really go through all masks."""
    terms = [float(a) * float(b) for a, b in zip(theta, x)]
    return math.fsum(
        reduce(mul, (p if k else 1 - p for k in mask), 1.0) * math.fsum(itertools.compress(terms, mask))
        for mask in itertools.product((0, 1), repeat=len(terms))
    )
