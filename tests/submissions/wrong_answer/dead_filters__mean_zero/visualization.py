import numpy as np


def dead_filters(activations):
    return activations.mean(axis=(0, 2, 3)) == 0
