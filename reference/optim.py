"""Update rules and learning-rate schedules: how a gradient becomes a step, and how long the step is."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.floating[Any]]
Config: TypeAlias = dict[str, Any]


def sgd(w: Floats, dw: Floats, config: Config | None = None) -> tuple[Floats, Config]:
    """Take one step of stochastic gradient descent.

    ``next_w = w - learning_rate * dw``

    Parameters
    ----------
    w, dw : array of float32 or float64, any shape
        Weights and the gradient of the loss with respect to them.
    config : dict, optional
        ``learning_rate`` (1e-2).

    Returns
    -------
    next_w : array, shape and dtype of `w`
    config : dict
        With what was missing filled in; to be given to the next call.

    References
    ----------
    .. [1] Lecture note 003, section on updates (``weights += -step_size*weight_error``); 002, slide 90.
    """
    config = _completed(config, learning_rate=1e-2)
    lr = config["learning_rate"]

    next_w: Floats = w - lr * dw
    return next_w, config


def sgd_momentum(w: Floats, dw: Floats, config: Config | None = None) -> tuple[Floats, Config]:
    """Take one step of gradient descent with momentum.

    ``v = momentum * v - learning_rate * dw``, ``next_w = w + v``

    Parameters
    ----------
    w, dw : array of float32 or float64, any shape
        Weights and their gradient.
    config : dict, optional
        ``learning_rate`` (1e-2), ``momentum`` (0.9, 0 is plain descent), ``velocity`` (zeros, shape and dtype of `w`).

    Returns
    -------
    next_w : array, shape and dtype of `w`
    config : dict
        With the new ``velocity``.

    Notes
    -----
    The velocity holds the learning rate and points downhill. Lecture note 003 has ``vx = rho*vx + weight_error`` and then
    ``weight += step_size*vx``, which climbs.

    References
    ----------
    .. [1] B. T. Polyak, "Some methods of speeding up the convergence of iteration methods", 1964.
    .. [2] Lecture note 003, section on updates; 002, slide 90.
    """
    config = _completed(config, learning_rate=1e-2, momentum=0.9, velocity=np.zeros_like(w))
    lr, mu, v_prev = config["learning_rate"], config["momentum"], config["velocity"]

    v = mu * v_prev - lr * dw
    next_w: Floats = w + v

    config["velocity"] = v
    return next_w, config


def nesterov_momentum(w: Floats, dw: Floats, config: Config | None = None) -> tuple[Floats, Config]:
    """Take one step of gradient descent with Nesterov's momentum.

    ``v_prev = v``, ``v = momentum * v - learning_rate * dw``, ``next_w = w - momentum * v_prev + (1 + momentum) * v``

    Parameters
    ----------
    w, dw : array of float32 or float64, any shape
        Weights and their gradient.
    config : dict, optional
        ``learning_rate`` (1e-2), ``momentum`` (0.9), ``velocity`` (zeros, shape and dtype of `w`).

    Returns
    -------
    next_w : array, shape and dtype of `w`
    config : dict
        With the new ``velocity``.

    Notes
    -----
    `w` is the point ahead, ``theta + momentum * v``, at which Nesterov takes the gradient, so that no gradient elsewhere is needed.

    References
    ----------
    .. [1] Y. Nesterov, "A method of solving a convex programming problem with convergence rate O(1/k^2)", 1983.
    .. [2] Y. Bengio et al., "Advances in optimizing recurrent networks", arXiv:1212.0901, 2012, equation 7.
    """
    config = _completed(config, learning_rate=1e-2, momentum=0.9, velocity=np.zeros_like(w))
    lr, mu, v_prev = config["learning_rate"], config["momentum"], config["velocity"]

    v = mu * v_prev - lr * dw
    next_w: Floats = w - mu * v_prev + (1 + mu) * v

    config["velocity"] = v
    return next_w, config


def rmsprop(w: Floats, dw: Floats, config: Config | None = None) -> tuple[Floats, Config]:
    """Take one step of RMSProp: divide the gradient by the root of a running mean of its square.

    ``cache = decay_rate * cache + (1 - decay_rate) * dw**2``, ``next_w = w - learning_rate * dw / (sqrt(cache) + epsilon)``

    Parameters
    ----------
    w, dw : array of float32 or float64, any shape
        Weights and their gradient.
    config : dict, optional
        ``learning_rate`` (1e-2), ``decay_rate`` (0.99), ``epsilon`` (1e-8), ``cache`` (zeros, shape and dtype of `w`).

    Returns
    -------
    next_w : array, shape and dtype of `w`
    config : dict
        With the new ``cache``.

    Notes
    -----
    ``epsilon`` stands outside the root; the new ``cache`` is used, not the one before. There is no bias correction.

    References
    ----------
    .. [1] T. Tieleman, G. Hinton, "Lecture 6.5: rmsprop", Neural Networks for Machine Learning, 2012.
    .. [2] Lecture note 002, slide 90.
    """
    config = _completed(config, learning_rate=1e-2, decay_rate=0.99, epsilon=1e-8, cache=np.zeros_like(w))
    lr, decay, eps = config["learning_rate"], config["decay_rate"], config["epsilon"]

    cache = decay * config["cache"] + (1 - decay) * dw**2
    next_w: Floats = w - lr * dw / (np.sqrt(cache) + eps)

    config["cache"] = cache
    return next_w, config


def adam(w: Floats, dw: Floats, config: Config | None = None) -> tuple[Floats, Config]:
    """Take one step of Adam: running means of the gradient and of its square, both corrected for their start at zero.

    ``t = t + 1``, ``m = beta1 * m + (1 - beta1) * dw``, ``v = beta2 * v + (1 - beta2) * dw**2``,
    ``next_w = w - learning_rate * (m / (1 - beta1**t)) / (sqrt(v / (1 - beta2**t)) + epsilon)``

    Parameters
    ----------
    w, dw : array of float32 or float64, any shape
        Weights and their gradient.
    config : dict, optional
        ``learning_rate`` (1e-3), ``beta1`` (0.9), ``beta2`` (0.999), ``epsilon`` (1e-8), ``m`` and ``v`` (zeros, shape and dtype of
        `w`), ``t`` (0), the number of steps taken.

    Returns
    -------
    next_w : array, shape and dtype of `w`
    config : dict
        With the new ``m``, ``v`` (neither of them corrected) and ``t``.

    Notes
    -----
    ``t`` is 1 in the first step. ``epsilon`` is added outside the root, after the correction.

    References
    ----------
    .. [1] D. P. Kingma, J. Ba, "Adam", arXiv:1412.6980, 2015, algorithm 1.
    .. [2] Lecture note 002, slide 90.
    """
    zeros = np.zeros_like(w)
    config = _completed(config, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, m=zeros, v=zeros, t=0)
    lr, beta1, beta2, eps = config["learning_rate"], config["beta1"], config["beta2"], config["epsilon"]

    t = config["t"] + 1
    m = beta1 * config["m"] + (1 - beta1) * dw
    v = beta2 * config["v"] + (1 - beta2) * dw**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    next_w: Floats = w - lr * m_hat / (np.sqrt(v_hat) + eps)

    config.update(m=m, v=v, t=t)
    return next_w, config


def step_decay(lr: float, epoch: int, drop: float, every: int) -> float:
    """Multiply the learning rate by `drop` each time that `every` epochs have passed.

    ``lr * drop**(epoch // every)``

    Parameters
    ----------
    lr, drop : float
        The rate at the start, and its factor.
    epoch, every : int
        The epoch, counted from 0; the number of epochs with one rate, at least 1.

    Returns
    -------
    float

    References
    ----------
    .. [1] Lecture note 003, section on updates ("We decay the learning as we go along").
    """
    drops = epoch // every
    return lr * drop**drops


def exponential_decay(lr: float, epoch: int, k: float) -> float:
    """Let the learning rate decay by the same factor in every epoch.

    ``lr * exp(-k * epoch)``

    Parameters
    ----------
    lr, k : float
        The rate at the start; the decay per epoch, at least 0.
    epoch : int
        The epoch, counted from 0.

    Returns
    -------
    float

    Notes
    -----
    Far out the exponential of a negative number is 0, whereas that of a positive one, in a denominator, overflows.

    References
    ----------
    .. [1] Lecture note 003, section on updates ("We decay the learning as we go along").
    """
    return lr * math.exp(-k * epoch)


def inverse_time_decay(lr: float, epoch: int, k: float) -> float:
    """Let the learning rate decay as one over time.

    ``lr / (1 + k * epoch)``

    Parameters
    ----------
    lr, k : float
        The rate at the start; the decay, at least 0: after 1 / k epochs the rate is halved.
    epoch : int
        The epoch, counted from 0.

    Returns
    -------
    float

    References
    ----------
    .. [1] H. Robbins, S. Monro, "A stochastic approximation method", 1951 (rates whose sum diverges and whose squares' does not).
    .. [2] Lecture note 003, section on updates ("We decay the learning as we go along").
    """
    return lr / (1 + k * epoch)


def cosine_restarts(lr_min: float, lr_max: float, step: int, period: int, mult: int) -> float:
    """Let the learning rate fall along half a cosine, and start again, each period `mult` times as long as the one before.

    ``lr_min + (lr_max - lr_min) * (1 + cos(pi * t / T)) / 2``, ``t`` steps into a period of ``T``

    Parameters
    ----------
    lr_min, lr_max : float
        The rate that a period would end with, and the one that it starts with.
    step : int
        The step, counted from 0.
    period, mult : int
        The length of the first period and the factor from one period to the next, both at least 1.

    Returns
    -------
    float

    Notes
    -----
    The step after a period is the first of the next one and has `lr_max`; `lr_min` itself is never reached.

    References
    ----------
    .. [1] I. Loshchilov, F. Hutter, "SGDR: Stochastic gradient descent with warm restarts", arXiv:1608.03983, 2017, equation 5.
    .. [2] Lecture note 003, section on updates (names it).
    """
    t, length = step, period
    while t >= length:
        t -= length
        length *= mult

    cosine = math.cos(math.pi * t / length)
    return lr_min + (lr_max - lr_min) * (1 + cosine) / 2


def cyclic_lr(lr_min: float, lr_max: float, step: int, half_period: int) -> float:
    """Let the learning rate rise and fall in straight lines between two bounds.

    ``lr_min + (lr_max - lr_min) * (1 - |phase - 1|)`` with ``phase = (step / half_period) mod 2``

    Parameters
    ----------
    lr_min, lr_max : float
        The bounds: the rate is `lr_min` at step 0 and `lr_max` after `half_period` steps.
    step : int
        The step, counted from 0.
    half_period : int
        The number of steps from one bound to the other, at least 1.

    Returns
    -------
    float

    Notes
    -----
    A whole cycle takes twice `half_period`, which the paper calls the step size; all cycles have the same height.

    References
    ----------
    .. [1] L. N. Smith, "Cyclical learning rates for training neural networks", arXiv:1506.01186, 2017, section 3.2.
    .. [2] Lecture note 003, section on updates (names it).
    """
    phase = (step % (2 * half_period)) / half_period
    height = 1 - abs(phase - 1)
    return lr_min + (lr_max - lr_min) * height


def _completed(config: Config | None, **defaults: Any) -> Config:
    """Give a new dict with what `config` holds, and the default for all else."""
    return {**defaults, **(config or {})}
