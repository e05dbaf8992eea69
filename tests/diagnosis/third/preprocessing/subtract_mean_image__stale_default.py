r"""The mean image is kept in a mutable default argument under the shape of the images, so a second training set with images of that shape is centred with the mean of the first.

Right: (?i)default|mutable|state|remember|kept|keep|stale|earlier|previous|first (call|training|set)|between calls|second (call|training|time|set)|cach|stor|again|one call|repeat|another call|same (result|call)
"""
import numpy as np


def subtract_mean_image(train, x, _means={}):
    # the mean of a big training set is slow, compute it only once
    key = train.shape[1:]
    if key not in _means:
        _means[key] = train.mean(axis=0)
    return x - _means[key]


def subtract_channel_mean(train, x):
    N, H, W, C = train.shape
    flat = train.reshape(N * H * W, C)
    return x - flat.mean(axis=0)
