"""Derivatives by the complex step, and by dual numbers."""
import cmath
import math

import numpy as np

TINY = 1e-30


def s(z):
    z = complex(z)
    if z.real >= 0:
        return 1 / (1 + cmath.exp(-z))
    e = cmath.exp(z)
    return e / (1 + e)


def th(z):
    # d tanh = 1 - tanh^2, carried in the imaginary part
    t = math.tanh(z.real)
    return complex(t, z.imag * (1 - t * t))


def slope(f, values, i):
    moved = [complex(v) for v in values]
    moved[i] += TINY * 1j
    return f(moved).imag / TINY


def chain_gradients(w, x, y):
    def loss(ws):
        h = x
        for wi in ws:
            h = s(wi * h)
        return (h - y) * (h - y) / 2

    return [slope(loss, w, i) for i in range(len(w))]


def composed_gradients(w1, w2, x, y):
    def loss(ws):
        e = s(ws[1] * th(complex(ws[0] * x))) - y
        return e * e

    return [slope(loss, (w1, w2), 0), slope(loss, (w1, w2), 1)]


def sigmoid_neuron(w, x):
    n = x.size

    def out(v):
        return s(sum(p * q for p, q in zip(v[:n], v[n + 1:])) + v[n])

    values = [*map(float, w), *map(float, x)]
    grads = [slope(out, values, i) for i in range(len(values))]
    return np.array(out(values).real), np.asarray(grads[:n + 1], x.dtype), np.asarray(grads[n + 1:], x.dtype)


def numerical_gradient(f, x, h=1e-5):
    out = np.empty(x.shape)
    with np.nditer(out, flags=['multi_index'], op_flags=['writeonly']) as it:
        for cell in it:
            at = [x.copy(), x.copy()]
            at[0][it.multi_index] += h
            at[1][it.multi_index] -= h
            cell[...] = np.diff([f(at[1]), f(at[0])])[0] / (2 * h)
    return out


def numerical_gradient_array(f, x, df, h=1e-5):
    flat_df = df.ravel()

    def one(i):
        up, down = x.flatten(), x.flatten()
        up[i] += h
        down[i] -= h
        hi, lo = np.ravel(f(up.reshape(x.shape))), np.ravel(f(down.reshape(x.shape)))
        # by linearity the upstream gradient may come first
        return (hi.dot(flat_df) - lo.dot(flat_df)) / (2 * h)

    return np.fromiter(map(one, range(x.size)), float, x.size).reshape(x.shape)


def relative_error(a, b):
    return sorted(np.ravel(abs(a - b) / np.fmax(abs(a) + abs(b), 1e-8)).tolist())[-1]
