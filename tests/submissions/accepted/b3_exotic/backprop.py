import itertools
import numpy as np
from common import *
import losses as L
import activations as A


def affine_forward(x, w, b):
    # bias trick
    N = x.shape[0]
    X1 = np.hstack((np.reshape(x, (N, -1)), np.ones((N, 1), dtype=x.dtype)))
    W1 = np.vstack((w, b))
    return X1.dot(W1), (X1, W1, x.shape)


def affine_backward(dout, cache):
    X1, W1, shape = cache
    dW1 = X1.T.dot(dout)
    return dout.dot(W1.T)[:, :-1].reshape(shape), dW1[:-1], dW1[-1]


def numerical_gradient(f, x, h=1e-5):
    def at(i, step):
        x2 = np.array(x)
        x2.flat[i] += step
        return float(f(x2)), x2.flat[i]
    g = np.empty(x.size)
    for i in range(x.size):
        (up, xu), (down, xd) = at(i, +h), at(i, -h)
        g[i] = (up - down) / (xu - xd)          # the step that was really made
    return g.reshape(x.shape)


def numerical_gradient_array(f, x, df, h=1e-5):
    out = np.array(f(x))
    J = np.empty(out.shape + x.shape)
    for idx in itertools.product(*map(range, x.shape)):
        old = x[idx]
        x[idx] = old + h; up = np.array(f(x), copy=True)
        x[idx] = old - h; down = np.array(f(x), copy=True)
        x[idx] = old
        J[(Ellipsis,) + idx] = (up - down) / 2 / h
    return np.tensordot(df, J, axes=np.ndim(df))


rel_error = lambda a, b: np.max(np.divide(np.abs(np.subtract(a, b)), np.fmax(1e-8, np.abs(a) + np.abs(b))))
relative_error = rel_error


def csig(z):
    return 0.5 + 0.5 * np.tanh(0.5 * z)


def complex_step(f, args, tiny=1e-30):
    """derivative without subtraction: Im f(w + i h) / h"""
    grads = []
    for i in range(len(args)):
        z = [complex(a) for a in args]
        z[i] += 1j * tiny
        grads.append(np.imag(f(*z)) / tiny)
    return grads


def chain_gradients(w, x, y):
    def loss(*ws):
        h = x
        for wi in ws:
            h = csig(wi * h)
        return (h - y) ** 2 / 2
    return [np.array(g) for g in complex_step(loss, w)]


def composed_gradients(w1, w2, x, y):
    g = complex_step(lambda a, b: (csig(b * np.tanh(a * x)) - y) ** 2, (w1, w2))
    return np.float64(g[0]), np.float64(g[1])


def sigmoid_neuron(w, x):
    n = x.shape[0]
    out = csig(np.dot(w[:n], x) + w[n])
    g = csig(-(np.dot(w[:n], x) + w[n])) * out
    dw = np.r_[x, np.ones(1, x.dtype)] * g
    return [out, dw, np.delete(w, n) * g]


class TwoLayerNet:
    def __init__(self, params, reg=0.0):
        self.__dict__.update(params)
        self.reg = reg

    def loss(self, X, y):
        a, c1 = affine_forward(X, self.W1, self.b1)
        h = np.clip(a, 0, np.inf).astype(a.dtype)
        s, c2 = affine_forward(h, self.W2, self.b2)
        loss, ds = L.softmax_loss(s, y)
        dh, dW2, db2 = affine_backward(ds, c2)
        dx, dW1, db1 = affine_backward(dh * (a > 0), c1)
        loss += 0.5 * self.reg * sum(np.sum(np.square(p)) for p in (self.W1, self.W2))
        dW1 += self.reg * self.W1
        dW2 += self.reg * self.W2
        return loss, {n: v for n, v in locals().items() if n.startswith('d') and n[1:] in ('W1', 'b1', 'W2', 'b2')}


def two_layer_net(x, y, params, reg):
    loss, g = TwoLayerNet(params, reg).loss(x, y)
    return loss, {k[1:]: v for k, v in g.items()}
