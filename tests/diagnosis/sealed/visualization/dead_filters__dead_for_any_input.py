r"""A filter is called dead as soon as its map is zero for one input; it has to be zero for every input (any in place of all over the inputs).

Right: (?i:(any|one|some|single|at least one|a certain)\b.{0,20}(input|example|image|N\b)|(every|all|each)( of)?( the)? (inputs?|examples?|images?)|np\.any|\.any|\bany\b.{0,20}(instead|in place|rather|all)|\ball\b.{0,20}(instead|in place|rather|any))
"""
import numpy as np


def dead_filters(activations):
    # (N, F): is the whole map of filter f zero for input n?
    silent = np.all(activations == 0, axis=(2, 3))
    return silent.any(axis=0)


def max_activating(activations, k):
    scores = activations.max(axis=(2, 3))            # (N, F)
    order = np.argsort(-scores, axis=0, kind='stable')
    return order[:k].T
