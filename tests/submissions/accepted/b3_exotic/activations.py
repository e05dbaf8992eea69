import sys
import types
import weakref
import numpy as np
import numpy.ma
from common import *
from common import factory as _factory

this = sys.modules[__name__]

# --- sigmoid through tanh, tanh through sigmoid
class Tensor(np.ndarray):
    """an array which remembers where it came from"""
    def __array_finalize__(self, obj):
        self.parent = getattr(obj, 'parent', None)


def sigmoid_forward(x):
    h = 0.5 * (1 + np.tanh(x / 2))
    return h, np.copy(h, order='F')


def sigmoid_backward(dout, cache):
    centred = cache - 0.5
    return dout * (0.25 - centred * centred)


def tanh_forward(x):
    e = np.exp(-2 * np.abs(x))
    t = np.sign(x) * ((1 - e) / (1 + e))
    return np.asfortranarray(t) if t.ndim else t, memoryview(np.array(t))


def tanh_backward(dout, cache):
    t = np.asarray(cache)
    dx = np.empty_like(dout)
    np.multiply(t, t, out=dx); np.subtract(1, dx, out=dx); dx *= dout
    return dx


def relu_forward(x):
    t = x.view(Tensor)
    t.parent = x
    out = t * (t > 0)
    out.parent = x.copy()
    return out, types.SimpleNamespace(node=out)


def relu_backward(dout, cache):
    return 0.5 * (np.sign(cache.node.parent) + 1) * dout       # 1/2 at 0


# setattr: exported by name
for name, f, df in [
    ('leaky_relu', lambda x, slope=0.01: np.piecewise(x, [x > 0], [lambda v: v, lambda v: slope * v]),
                   lambda x, slope=0.01: np.select([x > 0, x < 0], [1., slope], default=1.)),
    ('elu', lambda x, alpha=1.0: np.where(x > 0, x, 2 * alpha * np.exp(np.minimum(x, 0) / 2) * np.sinh(np.clip(x, -80, 0) / 2)),
            lambda x, alpha=1.0: np.where(x > 0, 1, alpha * np.exp(x))),
]:
    for part, fn in zip(('forward', 'backward'), _factory(f, df)):
        setattr(this, '%s_%s' % (name, part), fn)


class PReLU:
    @staticmethod
    def forward(x, alpha):
        X = np.moveaxis(x, 1, -1) if np.ndim(alpha) else x
        pos = X > 0
        out = pos * X + ~pos * (alpha * X)
        if np.ndim(alpha):
            out = np.moveaxis(out, -1, 1)
        return out, dict(x=x, alpha=alpha)

    @classmethod
    def backward(cls, dout, cache):
        x, alpha = cache['x'], cache['alpha']
        if not np.ndim(alpha):
            below = np.ma.masked_where(x > 0, x * dout)
            return np.where(x > 0, dout, alpha * dout), np.array(np.sum(below.filled(0)))
        dx, da = np.empty_like(dout), []
        for c, a in enumerate(alpha):
            d, s = cls.backward(dout[:, c], {'x': x[:, c], 'alpha': float(a)})
            dx[:, c] = d
            da += [s]
        return dx, np.array(da, dtype=x.dtype)


prelu_forward = PReLU.forward
prelu_backward = PReLU.backward


class Maxout(object):
    instances = []

    def forward(self, x, W1, b1, W2, b2):
        # max(a, b) = b + relu(a - b)
        diff = x.dot(W1 - W2) + (b1 - b2)
        gate = diff > 0
        return x.dot(W2) + b2 + np.where(gate, diff, 0), (gate, (x, (W1, W2)))

    def backward(self, dout, cache):
        gate, (x, Ws) = cache
        parts = []
        dx = 0
        for W, g in zip(Ws, (gate, ~gate)):
            ds = np.array(dout); ds[~g] = 0
            dx = dx + np.tensordot(ds, W, axes=(1, 1))
            parts.extend([np.dot(ds.T, x).T, ds.sum(axis=0)])
        return (dx,) + tuple(parts)


layer = Maxout()
maxout_forward, maxout_backward = layer.forward, layer.backward

_scalar = np.vectorize(lambda v: max(0, v + 1) - max(0, v - 1), otypes=[float])
def two_relu_sigmoid(x): return _scalar(x).astype(x.dtype)


def saturated_fraction(h, kind, tol=1e-2):
    if kind not in ('sigmoid', 'tanh'):
        raise ValueError(kind)
    lo = {'sigmoid': 0, 'tanh': -1}[kind]
    free = np.logical_and(h > lo + tol, h < 1 - tol)
    return np.array(1 - np.count_nonzero(free) / float(np.size(free)))


def dead_units(h):
    return np.isin(np.arange(h.shape[1]), np.nonzero(h)[1], invert=True)
