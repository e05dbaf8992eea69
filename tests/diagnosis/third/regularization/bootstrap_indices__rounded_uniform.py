r"""A uniform number times n - 1 is rounded to the nearest integer, so the first and the last example are drawn only half as often as the others: the draw is not uniform.

Right: (?i:round|rint|half as (often|likely|probable|frequent)|(not|un|non).{0,12}(equally|uniform|even)|(first|last|ends?|extreme|0|n ?- ?1)\b.{0,60}(rare|less|seldom|too (few|little)|half)|less (often|likely|frequent)|probabilit|bias)
"""
import numpy as np


def bootstrap_indices(n, k, rng):
    # rng.random is in [0, 1) -> scale to [0, n-1] and make integers of it
    u = rng.random((k, n))
    idx = np.rint(u * (n - 1))
    return idx.astype(np.int64)


def ensemble_predict(probs, how):
    n_models, n_examples, n_classes = probs.shape
    if how not in ('mean', 'vote'):
        raise ValueError(how)
    if how == 'mean':
        scores = probs.mean(axis=0)
    else:
        winner = probs.argmax(axis=2)                      # (K, N)
        scores = (winner[:, :, None] == np.arange(n_classes)).sum(axis=0)
    return scores.argmax(axis=1)


def random_flip(x, rng):
    coin = rng.random(x.shape[0]) < 0.5
    return np.where(coin[:, None, None, None], x[:, :, ::-1, :], x)
