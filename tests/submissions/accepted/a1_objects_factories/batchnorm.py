"""Normalization layers: one engine, parametrised by the shape of the groups over which it averages."""
from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any, Callable, MutableMapping, NamedTuple, Optional

import numpy as np
import numpy.typing as npt

from nnutil import one_of

Array = npt.NDArray[np.floating]
EPS = 1e-5
MOMENTUM = 0.9
_check_mode = one_of("train", "test")


class Result(NamedTuple):
    out: Array
    cache: Any


class Gradients(NamedTuple):
    dx: Array
    dgamma: Array
    dbeta: Array


@dataclass(frozen=True)
class Tape:
    """What the forward pass leaves behind."""

    x_hat: Array
    istd: Array
    gamma: Array
    stat_axes: tuple
    param_axes: tuple
    param_shape: tuple
    fold: Optional[tuple] = None            # the shape in which statistics are taken, if it isn't the shape of x
    extra: dict = field(default_factory=dict)


class Normalizer:
    """out = gamma * (x - mean) / sqrt(var + eps) + beta.

    stat_axes: averaged over.  param_shape(x): how gamma and beta are broadcast.
    """

    def __init__(self, stat_axes, param_axes, has_running=False):
        self.stat_axes = tuple(stat_axes)
        self.param_axes = tuple(param_axes)
        self.has_running = has_running

    def __repr__(self):
        return f"<{type(self).__name__} over {self.stat_axes}>"

    # -- hooks ---------------------------------------------------------------------------------
    def _broadcast(self, x, p):
        shape = [1 if i in self.param_axes else n for i, n in enumerate(x.shape)]
        return np.reshape(p, shape)

    def __call__(self, x: Array, gamma: Array, beta: Array, param: MutableMapping[str, Any]) -> Result:
        try:
            eps = param["eps"]
        except KeyError:
            eps = EPS
        mean = x.mean(axis=self.stat_axes, keepdims=True)
        centred = x - mean
        var = np.square(centred).mean(axis=self.stat_axes, keepdims=True)
        if self.has_running:
            mean, var = self._running(x, mean, var, param)
            centred = x - mean
        istd = ((var + eps) ** -0.5).astype(x.dtype)
        x_hat = centred * istd
        g, b = self._broadcast(x, gamma), self._broadcast(x, beta)
        out = (g * x_hat + b).astype(x.dtype, copy=False)
        return Result(out, Tape(x_hat, istd, g, self.stat_axes, self.param_axes, np.shape(gamma)))

    def _running(self, x, mean, var, param):
        mode = _check_mode(param["mode"])
        flat = mean.size
        rm = param.get("running_mean")
        rv = param.get("running_var")
        if rm is None:
            rm = np.zeros(flat, dtype=x.dtype)
        if rv is None:
            rv = np.zeros(flat, dtype=x.dtype)
        if mode == "train":
            keep = param.get("momentum", MOMENTUM)
            # r + (1 - keep) * (new - r) is keep * r + (1 - keep) * new
            param["running_mean"] = rm + (1 - keep) * (mean.ravel() - rm)
            param["running_var"] = rv + (1 - keep) * (var.ravel() - rv)
            return mean, var
        return rm.reshape(mean.shape), rv.reshape(var.shape)


def _pull(dout: Array, tape: Tape) -> Gradients:
    """The projection form: remove the part along 1 and the part along x_hat."""
    g = dout * tape.gamma
    avg = partial(np.mean, axis=tape.stat_axes, keepdims=True)
    dx = tape.istd * (g - avg(g) - tape.x_hat * avg(g * tape.x_hat))
    total: Callable = lambda a: np.add.reduce(a, axis=tape.param_axes).reshape(tape.param_shape)
    return Gradients(dx, total(dout * tape.x_hat), total(dout))


class _StepByStep:
    """Same gradient, node by node."""

    def __call__(self, dout: Array, cache: Tape) -> Gradients:
        t = cache
        m = int(np.prod([dout.shape[a] for a in t.stat_axes]))
        s = lambda a: a.sum(t.stat_axes, keepdims=True)
        centred = t.x_hat / t.istd
        dbeta = dout.sum(t.param_axes)
        dgamma = (t.x_hat * dout).sum(t.param_axes)
        dx_hat = t.gamma * dout
        distd = s(dx_hat * centred)
        dvar = -0.5 * distd * t.istd**3
        dcentred = dx_hat * t.istd + 2 * centred * dvar / m
        dmean = -s(dcentred)
        dx = dcentred + dmean / m
        return Gradients(dx, dgamma, dbeta)


batchnorm_forward = Normalizer((0,), (0,), has_running=True)
batchnorm_backward = _StepByStep()
batchnorm_backward_alt = _pull

spatial_batchnorm_forward = Normalizer((0, 2, 3), (0, 2, 3), has_running=True)
spatial_batchnorm_backward = partial(_pull)

layernorm_forward = Normalizer([1], [0])
layernorm_backward = _pull


def identity_parameters(x: Array, eps: float) -> tuple[Array, Array]:
    return np.hypot(x.std(axis=0), np.asarray(eps, x.dtype) ** 0.5), x.mean(axis=0)


class GroupNormalizer(Normalizer):
    """Folds (N, C, H, W) into (N, G, C/G, H, W) and lets the parent do the rest."""

    def __init__(self, G):
        super().__init__((2, 3, 4), (0, 3, 4))
        self.G = G

    def _broadcast(self, x, p):
        return p.reshape(1, x.shape[1], x.shape[2], 1, 1)


def spatial_groupnorm_forward(x: Array, gamma: Array, beta: Array, G: int, gn_param: dict) -> Result:
    N, C, H, W = x.shape
    folded = x.reshape(N, G, C // G, H, W)
    out, tape = GroupNormalizer(G)(folded, gamma, beta, gn_param)
    return Result(out.reshape(x.shape), tape)


def spatial_groupnorm_backward(dout: Array, cache: Tape) -> Gradients:
    dx, dgamma, dbeta = _pull(dout.reshape(cache.x_hat.shape), cache)
    return Gradients(dx.reshape(dout.shape), dgamma, dbeta)
