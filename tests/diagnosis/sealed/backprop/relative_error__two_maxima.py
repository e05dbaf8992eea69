r"""The largest difference is divided by the largest size in the whole array, instead of dividing each element by its own size and taking the maximum last.

Right: (?i)own size|each element|element[- ]?(by|wise)|every element|per element|whole array|(largest|max\w*).{0,50}(divid|before|separate|first|denominator|size|numerator|quotient|ratio)|divid\w*.{0,50}(largest|max\w*)|small (element|entr|value)|global
"""
import numpy as np


def relative_error(a, b):
    biggest_diff = np.max(np.abs(a - b))
    biggest_size = np.max(np.abs(a) + np.abs(b))
    return biggest_diff / max(1e-8, biggest_size)


def numerical_gradient(f, x, h=1e-5):
    flat_grad = []
    base = x.ravel()
    for i in range(base.size):
        e = np.zeros(base.size)
        e[i] = h
        step = e.reshape(x.shape)
        flat_grad.append((f(x + step) - f(x - step)) / (2 * h))
    return np.array(flat_grad, dtype=float).reshape(x.shape)
