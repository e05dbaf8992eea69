# Layers as objects that remember what they saw, and a scalar tape for the little graphs.
import math

import numpy as np


class Affine:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        self.x = x
        return np.matmul(x.reshape((len(x), -1)), self.w) + self.b

    def backward(self, dout):
        self.dw = np.matmul(self.x.reshape((len(self.x), -1)).T, dout)
        self.db = np.add.reduce(dout, axis=0)
        return np.matmul(dout, self.w.T).reshape(self.x.shape)


class Relu:
    def forward(self, x):
        self.dead = x <= 0
        return np.where(self.dead, np.zeros_like(x), x)

    def backward(self, dout):
        return np.where(self.dead, np.zeros_like(dout), dout)


class SoftmaxCrossEntropy:
    def forward(self, scores, y):
        self.y = y
        z = scores - scores.max(axis=-1)[:, None]
        self.log_p = z - np.log(np.exp(z).sum(axis=-1))[:, None]
        return -np.take_along_axis(self.log_p, y[:, None], axis=1).mean()

    def backward(self):
        grad = np.exp(self.log_p)
        np.subtract.at(grad, (np.arange(len(self.y)), self.y), 1)
        return grad / len(self.y)


class Value:
    """A number that knows from which numbers it came, and the slopes."""

    def __init__(self, data, parents=()):
        self.data, self.parents, self.grad = float(data), parents, 0.0

    def __mul__(self, other):
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))

    def __add__(self, other):
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def sigmoid(self):
        s = 0.5 * (1 + math.tanh(0.5 * self.data)) if abs(self.data) < 5 else self._far()
        return Value(s, ((self, s * (1 - s)),))

    def _far(self):
        e = math.exp(-abs(self.data))
        return 1 / (1 + e) if self.data > 0 else e / (1 + e)

    def tanh(self):
        t = math.tanh(self.data)
        return Value(t, ((self, 1 - t**2),))

    def square(self):
        return Value(self.data**2, ((self, 2 * self.data),))

    def backward(self):
        order, seen = [], set()

        def visit(v):
            if id(v) not in seen:
                seen.add(id(v))
                for p, _ in v.parents:
                    visit(p)
                order.append(v)

        visit(self)
        self.grad = 1.0
        for v in reversed(order):
            for parent, slope in v.parents:
                parent.grad += slope * v.grad


def affine_forward(x, w, b):
    layer = Affine(w, b)
    return layer.forward(x), layer


def affine_backward(dout, cache):
    dx = cache.backward(dout)
    return dx, cache.dw, cache.db


class Differences:
    def __init__(self, f, h):
        self.f, self.h = f, h

    def at(self, x, i):
        moved = x.copy()
        moved[i] = x[i] + self.h
        up = self.f(moved)
        moved = x.copy()
        moved[i] = x[i] - self.h
        return (up - self.f(moved)) / (2 * self.h)


def numerical_gradient(f, x, h=1e-5):
    differences = Differences(f, h)
    grad = np.empty_like(x)
    for i, _ in np.ndenumerate(x):
        grad[i] = differences.at(x, i)
    return grad


def numerical_gradient_array(f, x, df, h=1e-5):
    return numerical_gradient(lambda z: np.sum(f(z) * df), x, h)


def relative_error(a, b):
    errors = [abs(p - q) / max(1e-8, abs(p) + abs(q)) for p, q in zip(a.flat, b.flat)]
    return max(errors)


def chain_gradients(w, x, y):
    weights = [Value(wi) for wi in w]
    h = Value(x)
    for weight in weights:
        h = (weight * h).sigmoid()
    loss = (h + Value(-y)).square() * Value(0.5)
    loss.backward()
    return [weight.grad for weight in weights]


def composed_gradients(w1, w2, x, y):
    w1, w2 = Value(w1), Value(w2)
    loss = ((w2 * (w1 * Value(x)).tanh()).sigmoid() + Value(-y)).square()
    loss.backward()
    return w1.grad, w2.grad


def sigmoid_neuron(w, x):
    ws, xs = [Value(v) for v in w], [Value(v) for v in x]
    total = ws[-1]
    for wi, xi in zip(ws, xs):
        total = total + wi * xi
    out = total.sigmoid()
    out.backward()
    return out.data, np.array([v.grad for v in ws], dtype=w.dtype), np.array([v.grad for v in xs], dtype=x.dtype)


def two_layer_net(x, y, params, reg):
    first, relu = Affine(params["W1"], params["b1"]), Relu()
    second, criterion = Affine(params["W2"], params["b2"]), SoftmaxCrossEntropy()
    loss = criterion.forward(second.forward(relu.forward(first.forward(x))), y)
    first.backward(relu.backward(second.backward(criterion.backward())))
    for layer in (first, second):
        loss = loss + reg * 0.5 * np.linalg.norm(layer.w) ** 2
        layer.dw = layer.dw + reg * layer.w
    return loss, {"W1": first.dw, "b1": first.db, "W2": second.dw, "b2": second.db}
