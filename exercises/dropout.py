"""Dropout.

In training, units are switched off at random, so that none can rely on a particular other one. You learn where the scale belongs that
makes training and test mode agree, why the backward pass needs the same mask, and of which ensemble the full network is the average.

Everywhere: `p` is the probability of KEEPING a unit, in (0, 1] (some slides and libraries mean the probability of dropping it). The
dtype that comes in goes out (float32 stays float32); arguments are not modified. Randomness comes from `numpy.random`.
"""

import numpy as np


def dropout_forward(x, dropout_param):
    """Drop units at random in training and scale up the kept ones; do nothing in test mode (inverted dropout).

    Training: every element is kept with probability p, independently of the others; a kept one becomes ``x / p``, a dropped one 0.
    Test mode: ``out = x``.

    Parameters
    ----------
    x : array of any shape
        Activations.
    dropout_param : dict
        - ``p``: probability of KEEPING a unit, in (0, 1];
        - ``mode``: ``'train'`` or ``'test'``; raise ValueError for anything else;
        - ``seed``: optional; seed numpy.random with it, so that the same seed gives the same mask.

    Returns
    -------
    out : array, shape and dtype of `x`
    cache : anything
        What `dropout_backward` needs, in either mode.

    Notes
    -----
    The scale makes the expected output equal to `x`: p * (x / p) + (1 - p) * 0.

    Example: x = [2, 4, 6] with p = 0.8, the second unit dropped: out = [2.5, 0, 7.5].

    Source: lecture note 003, "Dropout"; 002, slides 77-84; Srivastava et al. 2014, JMLR 15, sections 4 and 10.
    """
    raise NotImplementedError


def dropout_backward(dout, cache):
    """Send the gradient back through dropout.

    Training: a dropped unit passes no gradient, a kept one passes ``dout / p``. Test mode: ``dx = dout``.

    Parameters
    ----------
    dout : array
        Gradient of the loss with respect to `out`.
    cache : anything
        Yours, from `dropout_forward`, in either mode.

    Returns
    -------
    dx : array, shape and dtype of `dout`

    Notes
    -----
    The units that are dropped here are the ones that the forward pass dropped. Draw nothing new.

    Example: dout = [1, 1, 1] for the forward pass above gives dx = [1.25, 0, 1.25].

    Source: Srivastava et al. 2014, JMLR 15, section 5.1.
    """
    raise NotImplementedError


def dropout_forward_unscaled(x, dropout_param):
    """Drop units at random in training without scaling; scale all of them by p in test mode.

    Training: every element is kept with probability p as it is, or becomes 0. Test mode: ``out = x * p``, the weight-scaling
    inference rule.

    Parameters
    ----------
    x : array of any shape
        Activations.
    dropout_param : dict
        ``p``, ``mode`` and ``seed`` as in `dropout_forward`.

    Returns
    -------
    out : array, shape and dtype of `x`
    cache : anything
        It is not used: this function has no backward pass of its own.

    Notes
    -----
    Compare with `dropout_forward`: the scaling is done in training OR in test mode, never in both.

    Example: x = [2, 4, 6] with p = 0.8: training may give [2, 0, 6], test mode gives [1.6, 3.2, 4.8].

    Source: lecture notes 002, slide 83; 003, "Dropout"; Srivastava et al. 2014, JMLR 15, section 4.
    """
    raise NotImplementedError


def ensemble_average(theta, x, p):
    """Average a linear unit over all 2^n dropout masks, each weighted by its probability.

    ``sum over masks of P(mask) * theta . (mask * x)`` with ``P(mask) = p^kept * (1 - p)^(n - kept)``

    Parameters
    ----------
    theta, x : (n,) array
        Weights and inputs of the unit; n is at most 16.
    p : float
        Probability of KEEPING an input, in (0, 1].

    Returns
    -------
    float

    Notes
    -----
    Nothing is divided by p, and nothing is random: the average is exact. Going through all masks is one way; finding out on paper what
    the sum comes to is another, and both are right. Compare the result with what `dropout_forward_unscaled` does in test mode.

    Example: theta = [1, 2], x = [3, 4] and p = 1/2 gives (0 + 3 + 8 + 11) / 4 = 5.5.

    Source: lecture note 002, slide 83 (n = 2, p = 1/2); Goodfellow, Bengio and Courville 2016, section 7.12.
    """
    raise NotImplementedError
