import numpy as np


class Layer:
    def forward(self, x):
        raise NotImplementedError

    def backward(self, dout):
        raise NotImplementedError


class Sigmoid(Layer):
    def forward(self, x):
        # exp(60) is far from overflow even in float32, and sigmoid(-60) is 0 to rounding
        self.y = 1.0 / (1.0 + np.exp(-np.clip(x, -60, 60)))
        return self.y

    def backward(self, dout):
        return (self.y - self.y * self.y) * dout


class Tanh(Layer):
    def forward(self, x):
        self.y = np.tanh(x)
        return self.y

    def backward(self, dout):
        return (1 - np.square(self.y)) * dout


class PReLU(Layer):
    """ReLU and leaky ReLU are this with a fixed slope."""

    def __init__(self, slope):
        self.slope = slope

    def forward(self, x):
        self.x = x
        self.positive = x >= 0  # at 0 the gradient passes
        self.shape = np.shape(self.slope)
        self.a = self.slope
        if self.shape:
            self.a = self.slope.reshape([1, -1] + [1] * (x.ndim - 2))
        return x * self.positive + self.a * (x * ~self.positive)

    def backward(self, dout):
        return dout * self.positive + self.a * (dout * ~self.positive)

    def slope_gradient(self, dout):
        g = self.x * dout * ~self.positive
        if not self.shape:
            return g.sum()
        return np.moveaxis(g, 1, 0).reshape(self.shape[0], -1).sum(axis=1)


class ELU(Layer):
    def __init__(self, alpha):
        self.alpha = alpha

    def forward(self, x):
        self.mask = x > 0
        self.exponential = np.exp(x * ~self.mask)
        return x * self.mask + self.alpha * (self.exponential - 1) * ~self.mask

    def backward(self, dout):
        return dout * self.mask + dout * (self.alpha * self.exponential) * ~self.mask


class Affine(Layer):
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x.dot(self.W) + self.b

    def backward(self, dout):
        self.dW = self.x.T.dot(dout)
        self.db = dout.sum(0)
        return dout.dot(self.W.T)


class Maxout(Layer):
    def __init__(self, *pieces):
        self.pieces = [Affine(W, b) for W, b in pieces]

    def forward(self, x):
        self.s = [piece.forward(x) for piece in self.pieces]
        self.y = np.maximum(*self.s)
        return self.y

    def backward(self, dout):
        return sum(piece.backward(dout * (s == self.y)) for piece, s in zip(self.pieces, self.s))


def sigmoid_forward(x, **unused):
    layer = Sigmoid()
    return layer.forward(x), layer


def tanh_forward(x, **unused):
    layer = Tanh()
    return layer.forward(x), layer


def relu_forward(x, **unused):
    layer = PReLU(0.0)
    return layer.forward(x), layer


def leaky_relu_forward(x, slope=0.01, **unused):
    layer = PReLU(slope)
    return layer.forward(x), layer


def prelu_forward(x, alpha):
    layer = PReLU(alpha)
    return layer.forward(x), layer


def elu_forward(x, alpha=1.0):
    layer = ELU(alpha)
    return layer.forward(x), layer


def backward(dout, cache):
    return cache.backward(dout)


sigmoid_backward = tanh_backward = relu_backward = leaky_relu_backward = elu_backward = backward


def prelu_backward(dout, cache):
    return cache.backward(dout), cache.slope_gradient(dout)


def maxout_forward(x, W1, b1, W2, b2):
    layer = Maxout((W1, b1), (W2, b2))
    return layer.forward(x), layer


def maxout_backward(dout, cache):
    dx = cache.backward(dout)
    first, second = cache.pieces
    return [dx, first.dW, first.db, second.dW, second.db]


def two_relu_sigmoid(x):
    return PReLU(0.0).forward(x + 1) - PReLU(0.0).forward(x - 1)


ASYMPTOTES = {"sigmoid": (0, 1), "tanh": (-1, 1)}


def saturated_fraction(h, kind, tol=1e-2):
    if kind not in ASYMPTOTES:
        raise ValueError(kind)
    distances = [np.abs(h - asymptote) for asymptote in ASYMPTOTES[kind]]
    return (np.minimum(*distances) < tol).mean()


def dead_units(h):
    return ~h.any(axis=0)
