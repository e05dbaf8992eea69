"""Activations as objects: one class per function, forward/backward exported through factories."""
from __future__ import annotations

import abc
from collections import namedtuple
from dataclasses import dataclass, field
from functools import partial, wraps
from itertools import count
from typing import Any, Callable, ClassVar, Optional, Tuple, Union

import numpy as np
from numpy.typing import NDArray

from nn_utils import logistic, traced

Array = NDArray[np.floating]
MaxoutGrads = namedtuple("MaxoutGrads", ["dx", "dW1", "db1", "dW2", "db2"])


class Activation(abc.ABC):
    """Base class. An instance is itself the cache."""

    registry: ClassVar[dict] = {}

    def __init_subclass__(cls, **kw):
        super().__init_subclass__(**kw)
        Activation.registry[cls.__name__.lower()] = cls

    @abc.abstractmethod
    def __call__(self, x: Array) -> Array: ...

    @abc.abstractmethod
    def slope(self) -> Array: ...

    def backward(self, dout: Array) -> Array:
        return np.multiply(dout, self.slope(), dtype=dout.dtype)


class Sigmoid(Activation):
    def __call__(self, x):
        self.y = logistic(x)
        return self.y

    def slope(self):
        return self.y - np.square(self.y)


class Tanh(Activation):
    def __call__(self, x):
        self.x = x.copy()
        return np.tanh(x)

    def slope(self):
        # sech^2, from the input
        e = np.exp(-2 * np.abs(self.x))
        return 4 * e / (1 + e) ** 2


class ReLU(Activation):
    def __call__(self, x):
        self.gate = np.heaviside(x, 0.5)
        return np.fmax(x, 0)

    def slope(self):
        return self.gate


class Leaky(Activation):
    __slots__ = ("a", "pos")

    def __init__(self, slope=0.01):
        self.a = slope

    def __call__(self, x):
        self.pos = x > 0
        return np.choose(self.pos, [self.a * x, x])

    def slope(self):
        return np.where(self.pos, 1.0, self.a)


class ELU(Leaky):
    def __call__(self, x):
        self.pos = x > 0
        y = np.array(x)
        np.expm1(x, out=y, where=~self.pos)
        y[~self.pos] *= self.a
        self.y = y
        return y

    def slope(self):
        return np.where(self.pos, 1.0, self.y + self.a)


class _Pair:
    """A forward function as a callable object."""

    def __init__(self, name: str, *extra: str):
        self.cls = Activation.registry[name]
        self.__name__ = name + "_forward"

    def __call__(self, x, *args, **kwargs):
        node = self.cls(*args, **kwargs)
        return node(x), node


def _call_backward(dout, node):
    return node.backward(dout)


sigmoid_forward, tanh_forward, relu_forward = map(_Pair, ("sigmoid", "tanh", "relu"))
sigmoid_backward = tanh_backward = relu_backward = leaky_relu_backward = elu_backward = _call_backward


@traced
def leaky_relu_forward(x: Array, slope: float = 0.01) -> Tuple[Array, Leaky]:
    return _Pair("leaky")(x, slope)


elu_forward = partial(_Pair("elu"), slope=1.0)


def elu_forward(x, alpha=1.0, _impl=elu_forward):
    return _impl(x, slope=alpha)


# ---- PReLU: einsum, cache is a token into a registry -------------------------------------------------
_tokens = count()
_store: dict[int, tuple] = {}


def prelu_forward(x: Array, alpha: Union[float, Array]) -> Tuple[Array, int]:
    shaped = np.reshape(alpha, (-1,) + (1,) * (x.ndim - 2)) if np.ndim(alpha) else alpha
    token = next(_tokens)
    _store[token] = (x, shaped, np.shape(alpha))
    return np.maximum(x, 0) + shaped * np.minimum(x, 0), token


def prelu_backward(dout: Array, cache: int) -> Tuple[Array, Any]:
    x, shaped, shape = _store[cache]
    neg = (x < 0).astype(dout.dtype)
    dx = dout + (shaped - 1) * neg * dout
    low = np.minimum(x, 0)
    dalpha = np.einsum("nck,nck->c", *(a.reshape(*a.shape[:2], -1) for a in (low, dout))) if shape else np.vdot(low, dout)
    return dx, dalpha


# ---- Maxout: both pieces stacked ---------------------------------------------------------------------
@dataclass(frozen=True)
class MaxoutCache:
    x: Array
    W: Array
    winner: Array = field(repr=False)


def maxout_forward(x, W1, b1, W2, b2):
    W, b = np.stack([W1, W2]), np.stack([b1, b2])
    pieces = x @ W + b[:, None, :]
    winner = pieces.argmax(axis=0)
    return np.take_along_axis(pieces, winner[None], axis=0)[0], MaxoutCache(x, W, winner)


def maxout_backward(dout, cache):
    onehot = np.arange(2)[:, None, None] == cache.winner
    ds = onehot * dout
    dW = np.einsum("nd,knm->kdm", cache.x, ds)
    db = np.einsum("knm->km", ds)
    return MaxoutGrads(np.einsum("knm,kdm->nd", ds, cache.W), dW[0], db[0], dW[1], db[1])


def two_relu_sigmoid(x):
    relu = lambda t: relu_forward(t)[0]
    return relu(x + 1) - relu(x - 1)


_ASYMPTOTES = {"sigmoid": (0, 1), "tanh": (-1, 1)}


def saturated_fraction(h, kind, tol=1e-2):
    try:
        ends = np.array(_ASYMPTOTES[kind])
    except KeyError as err:
        raise ValueError(f"kind must be one of {sorted(_ASYMPTOTES)}") from err
    return (np.abs(h[..., None] - ends).min(axis=-1) <= tol).mean()


dead_units = lambda h: np.logical_not(np.any(h, axis=0))
