"""Optimization.

A gradient says in which direction the loss falls; an update rule makes a step of it, and a schedule says how long steps are at which
time. You learn what momentum remembers, why some rules divide by the magnitude of past gradients, and what Adam corrects.

Every update rule is called as ``next_w, config = rule(w, dw, config)``, once per step, and is handed the config that it has returned
the step before: what a rule has to remember is kept in that dict and nowhere else (a network has many weights, each with a dict of its
own). A config may be None or lack entries; what is missing takes its default. `config` may be modified and returned. `w` and `dw` stay
as they are (`sgd` alone may work on `w` in place). The dtype of `w` is the dtype of `next_w` (float32 stays float32).

Schedules take plain numbers and return one number. Epochs and steps count from 0.
"""

import numpy as np


def sgd(w, dw, config=None):
    """Take one step of stochastic gradient descent.

    ``next_w = w - learning_rate * dw``

    Parameters
    ----------
    w, dw : array of any shape
        Weights and the gradient of the loss with respect to them.
    config : dict, optional
        - ``learning_rate``: 1e-2 if missing.

    Returns
    -------
    next_w : array, shape and dtype of `w`
    config : dict
        For the next call: with the learning rate that this call has used.

    Notes
    -----
    Example: w = [1, -2], dw = [0.5, 4] and a learning rate of 0.1 give next_w = [0.95, -2.4].

    Source: lecture note 003, "weights += -step_size*weight_error"; 002, slide 90.
    """
    raise NotImplementedError


def sgd_momentum(w, dw, config=None):
    """Take one step of gradient descent with momentum.

    ``v = momentum * v - learning_rate * dw``
    ``next_w = w + v``

    Parameters
    ----------
    w, dw : array of any shape
        Weights and their gradient.
    config : dict, optional
        - ``learning_rate``: 1e-2 if missing;
        - ``momentum``: 0.9 if missing; 0 is allowed, and is plain descent;
        - ``velocity``: v, of the shape and dtype of `w`; zeros if missing.

    Returns
    -------
    next_w : array, shape and dtype of `w`
    config : dict
        With the new velocity.

    Notes
    -----
    The sign and the scale of the velocity are a matter of convention; here it points downhill and contains the learning rate. Beware of
    lecture note 003: its ``vx = rho*vx + weight_error``, ``weight += step_size*vx`` climbs.

    Example: w = 1, dw = 2, a learning rate of 0.1, a momentum of 0.5 and a velocity of -0.8 give v = -0.4 - 0.2 = -0.6 and
    next_w = 0.4.

    Source: lecture note 003, the section on updates; 002, slide 90; Polyak 1964.
    """
    raise NotImplementedError


def nesterov_momentum(w, dw, config=None):
    """Take one step of gradient descent with Nesterov's momentum.

    ``v_prev = v``
    ``v = momentum * v - learning_rate * dw``
    ``next_w = w - momentum * v_prev + (1 + momentum) * v``

    Parameters
    ----------
    w, dw : array of any shape
        Weights and their gradient.
    config : dict, optional
        - ``learning_rate``: 1e-2 if missing;
        - ``momentum``: 0.9 if missing; 0 is allowed;
        - ``velocity``: v, of the shape and dtype of `w`; zeros if missing.

    Returns
    -------
    next_w : array, shape and dtype of `w`
    config : dict
        With the new velocity.

    Notes
    -----
    Nesterov takes the gradient where the velocity is about to lead: at ``theta + momentum * v`` and not at ``theta``. Here `w` is that
    point ahead, so the gradient that you get is already the right one. Work out on paper that the formula follows.

    Example: w = 1, dw = 2, a learning rate of 0.1, a momentum of 0.5 and a velocity of -0.8 give v = -0.6 and
    next_w = 1 + 0.4 - 0.9 = 0.5. From a velocity of 0 they give v = -0.2 and next_w = 0.7.

    Source: lecture note 002, slide 90 ("SGD variations"); Nesterov 1983; Bengio et al. 2012, arXiv:1212.0901, equation 7.
    """
    raise NotImplementedError


def rmsprop(w, dw, config=None):
    """Take one step of RMSProp: divide the gradient by the root of a running mean of its square.

    ``cache = decay_rate * cache + (1 - decay_rate) * dw^2``
    ``next_w = w - learning_rate * dw / (sqrt(cache) + epsilon)``

    Parameters
    ----------
    w, dw : array of any shape
        Weights and their gradient.
    config : dict, optional
        - ``learning_rate``: 1e-2 if missing;
        - ``decay_rate``: 0.99 if missing;
        - ``epsilon``: 1e-8 if missing;
        - ``cache``: the running mean of dw^2, of the shape and dtype of `w`; zeros if missing.

    Returns
    -------
    next_w : array, shape and dtype of `w`
    config : dict
        With the new cache.

    Notes
    -----
    epsilon is added to the root, not under it. Without it a weight whose gradient is 0 would be divided by 0.

    Example: w = 1, dw = 2, a learning rate of 0.1, a decay rate of 0.75 and a cache of 4 give cache = 3 + 1 = 4 and next_w = 0.9 (nearly,
    because of epsilon).

    Source: lecture note 002, slide 90; Tieleman and Hinton 2012, lecture 6.5 of their course.
    """
    raise NotImplementedError


def adam(w, dw, config=None):
    """Take one step of Adam: running means of the gradient and of its square, both corrected for their start at zero.

    ``t = t + 1``
    ``m = beta1 * m + (1 - beta1) * dw``
    ``v = beta2 * v + (1 - beta2) * dw^2``
    ``next_w = w - learning_rate * m_hat / (sqrt(v_hat) + epsilon)``
    with ``m_hat = m / (1 - beta1^t)`` and ``v_hat = v / (1 - beta2^t)``

    Parameters
    ----------
    w, dw : array of any shape
        Weights and their gradient.
    config : dict, optional
        - ``learning_rate``: 1e-3 if missing;
        - ``beta1``: 0.9 if missing;
        - ``beta2``: 0.999 if missing;
        - ``epsilon``: 1e-8 if missing;
        - ``m``, ``v``: the running means, of the shape and dtype of `w`; zeros if missing;
        - ``t``: the number of steps taken so far; 0 if missing.

    Returns
    -------
    next_w : array, shape and dtype of `w`
    config : dict
        With the new m, v and t. m and v are the running means as they are, without the correction.

    Notes
    -----
    t is incremented before it is used, so that it is 1 in the first step. epsilon is added outside the root, to the corrected value.

    Example: in the first step m_hat = dw and v_hat = dw^2, whatever beta1 and beta2 are. So w = [1, 1], dw = [0.002, -500] and a learning
    rate of 0.1 give next_w = [0.9, 1.1] (nearly, because of epsilon).

    Source: lecture note 002, slide 90; Kingma and Ba 2015, arXiv:1412.6980, algorithm 1.
    """
    raise NotImplementedError


def step_decay(lr, epoch, drop, every):
    """Multiply the learning rate by `drop` each time that `every` epochs have passed.

    ``lr * drop^n`` with n the number of whole times that `every` goes into `epoch`

    Parameters
    ----------
    lr, drop : float
        The rate at the start, and the factor.
    epoch, every : int
        The epoch, counted from 0; the number of epochs with one rate, at least 1.

    Returns
    -------
    float

    Notes
    -----
    Example: lr = 0.1, drop = 0.5 and every = 2 give 0.1, 0.1, 0.05, 0.05, 0.025 in the epochs 0 to 4.

    Source: lecture note 003, "We decay the learning as we go along".
    """
    raise NotImplementedError


def exponential_decay(lr, epoch, k):
    """Let the learning rate decay by the same factor in every epoch.

    ``lr * e^(-k * epoch)``

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
    There is no overflow, however long the training is: after 10 000 epochs the rate is 0, or nearly so.

    Example: lr = 0.1 and k = 0.5 give 0.1 in epoch 0 and 0.1 / e = 0.0368 in epoch 2.

    Source: lecture note 003, "We decay the learning as we go along".
    """
    raise NotImplementedError


def inverse_time_decay(lr, epoch, k):
    """Let the learning rate decay as one over time.

    ``lr / (1 + k * epoch)``

    Parameters
    ----------
    lr, k : float
        The rate at the start; the decay, at least 0.
    epoch : int
        The epoch, counted from 0.

    Returns
    -------
    float

    Notes
    -----
    Example: lr = 0.1 and k = 0.5 give 0.1, 0.0667 and 0.05 in the epochs 0 to 2.

    Source: lecture note 003, "We decay the learning as we go along"; Robbins and Monro 1951.
    """
    raise NotImplementedError


def cosine_restarts(lr_min, lr_max, step, period, mult):
    """Let the learning rate fall along half a cosine, and start again: SGDR, gradient descent with warm restarts.

    ``lr_min + (lr_max - lr_min) * (1 + cos(pi * t / T)) / 2`` where T is the length of the present period and t, from 0 to T - 1, the
    number of steps since its start

    Parameters
    ----------
    lr_min, lr_max : float
        The rate that a period approaches, and the one that it starts with.
    step : int
        The step, counted from 0.
    period, mult : int
        The length of the first period; how many times as long as the one before each further period is. Both are at least 1; with
        mult = 1 all periods have one length.

    Returns
    -------
    float

    Notes
    -----
    Each period starts with lr_max. The step right after a period already belongs to the next one.

    Example: with period = 2 and mult = 2 the periods start at the steps 0, 2 and 6; with lr_min = 0 and lr_max = 1 the rates of the first
    seven steps are 1, 0.5, 1, 0.854, 0.5, 0.146, 1.

    Source: lecture note 003, which names it; Loshchilov and Hutter 2017, arXiv:1608.03983, equation 5.
    """
    raise NotImplementedError


def cyclic_lr(lr_min, lr_max, step, half_period):
    """Let the learning rate rise and fall in straight lines between two bounds, again and again (the triangular policy).

    Parameters
    ----------
    lr_min, lr_max : float
        The bounds.
    step : int
        The step, counted from 0.
    half_period : int
        The number of steps from one bound to the other, at least 1.

    Returns
    -------
    float

    Notes
    -----
    The rate starts at lr_min, is lr_max after half_period steps and lr_min again after twice as many. All cycles are alike.

    Example: lr_min = 1, lr_max = 3 and half_period = 2 give 1, 2, 3, 2, 1, 2 in the steps 0 to 5.

    Source: lecture note 003, which names it; Smith 2017, arXiv:1506.01186, section 3.2.
    """
    raise NotImplementedError
