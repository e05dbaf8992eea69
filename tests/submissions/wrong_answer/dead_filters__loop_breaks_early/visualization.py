import numpy as np


def dead_filters(activations):
    N, F, H, W = activations.shape
    dead = np.zeros(F, dtype=bool)
    for f in range(F):
        for n in range(N):
            dead[f] = not activations[n, f].any()
    return dead
