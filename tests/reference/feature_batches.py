"""Batches for the tests of the normalization layers."""

import numpy as np


def draw(*shapes, seed=0, dtype=np.float64, size=1.0):
    """Normal arrays with a mean that differs from feature to feature, so that no axis can stand in for another."""
    rng = np.random.default_rng(seed)
    arrays = []
    for shape in shapes:
        offset = 3 * rng.standard_normal((1, *shape[1:]))
        values = rng.standard_normal(shape) + offset
        arrays.append((size * values / max(1.0, np.abs(values).max()) if size > 1 else values).astype(dtype))
    return arrays
