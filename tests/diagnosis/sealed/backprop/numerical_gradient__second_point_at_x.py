r"""From x + h only one h is taken away, so the second point is x itself and not x - h: with the divisor 2 h the gradient comes out half as large.

Right: (?i)half|halv|\btwice\b|two steps|x ?[-\u2212] ?h|forward difference|one[- ]sided|central|x itself|f\(x\)|both sides|factor (of )?(2|two|0\.5|1/2)
"""
import numpy as np


def numerical_gradient(f, x, h=1e-5):
    grad = np.zeros_like(x)
    it = np.nditer(x, flags=['multi_index'])
    while not it.finished:
        ix = it.multi_index
        old = x[ix]

        x[ix] += h
        f_plus = f(x)
        x[ix] -= h
        f_minus = f(x)

        x[ix] = old
        grad[ix] = (f_plus - f_minus) / (2 * h)
        it.iternext()
    return grad


def numerical_gradient_array(f, x, df, h=1e-5):
    grad = np.zeros_like(x)
    it = np.nditer(x, flags=['multi_index'])
    while not it.finished:
        ix = it.multi_index
        old = x[ix]

        x[ix] = old + h
        pos = np.array(f(x))
        x[ix] = old - h
        neg = np.array(f(x))

        x[ix] = old
        grad[ix] = np.sum((pos - neg) * df) / (2 * h)
        it.iternext()
    return grad


def relative_error(a, b):
    return np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b)))
