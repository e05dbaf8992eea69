r"""The patience counter is reset by every loss below that of the previous epoch, not only by one below the best loss so far, so it counts rises in a row.

Right: (?i:previous|last (epoch|loss)|preceding|epoch before|consecutive|in a row|(not|instead of|rather than).{0,40}best|best (one |loss |epoch )?(so far|yet)|reset|counter|neighbou?r)
"""
import numpy as np


def early_stopping(val_losses, patience):
    best_epoch = 0
    wait = 0
    T = len(val_losses)
    for t in range(1, T):
        current = val_losses[t]
        if current < val_losses[best_epoch]:
            best_epoch = t
        # did we get better?
        if current < val_losses[t - 1]:
            wait = 0
        else:
            wait += 1
        if wait == patience:
            return t, best_epoch
    return T - 1, best_epoch


def bootstrap_indices(n, k, rng):
    sets = np.empty((k, n), dtype=int)
    for i in range(k):
        for j in range(n):
            sets[i, j] = rng.integers(n)
    return sets


def ensemble_predict(probs, how):
    K, N, C = probs.shape
    if how == 'mean':
        return np.argmax(np.mean(probs, axis=0), axis=1)
    elif how == 'vote':
        votes = np.zeros((N, C), dtype=int)
        for k in range(K):
            for n in range(N):
                votes[n, np.argmax(probs[k, n])] += 1
        return np.argmax(votes, axis=1)
    else:
        raise ValueError('unknown way to combine: ' + str(how))
