r"""Only the masks that keep exactly round(p n) inputs are averaged, all alike, where all 2^n masks should be weighted by their probability.

Right: (?i)exact(ly)? .*(kept|keep|count|number|round)|round|(only|just|fixed|certain|some|typical) .*(masks|number|count)|all (the )?(2\^n|2\*\*n|masks)|fixed (number|count)|P\(mask\)|weighted by (its|their|the) prob|(miss|leav|forg|omit)\w* .*masks|number of (kept|survivors)|p ?(\*|times)? ?n\b
"""
from itertools import combinations

import numpy as np


def dropout_forward_unscaled(x, dropout_param):
    mode = dropout_param['mode']
    if mode not in {'train', 'test'}:
        raise ValueError
    if 'seed' in dropout_param:
        np.random.seed(dropout_param['seed'])
    if mode == 'test':
        return dropout_param['p'] * x, None
    mask = np.random.rand(*x.shape) < dropout_param['p']
    return mask * x, mask


def ensemble_average(theta, x, p):
    # with probability p for each of the n inputs, p*n of them survive
    n = len(x)
    survivors = round(p * n)
    total, count = 0.0, 0
    for chosen in combinations(range(n), survivors):
        total += sum(theta[i] * x[i] for i in chosen)
        count += 1
    return float(total / count)
