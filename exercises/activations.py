"""Activation functions.

Between two layers stands a function that is applied to every element; without it, many layers would be no more than one. You learn the
common ones with their gradients, how to compute them without overflow, and how to see that units have stopped learning.

Everywhere: a forward function returns ``(out, cache)``, where cache is whatever your backward function needs; a backward function gets
`dout`, the gradient of the loss with respect to `out`, and returns the gradients with respect to the inputs. Shape and dtype that come
in go out (float32 stays float32); arguments are not modified; nothing overflows or warns for inputs between -10 000 and 10 000.
"""

import numpy as np


def sigmoid_forward(x):
    """Squash every element into (0, 1).

    ``out = 1 / (1 + exp(-x))``

    Parameters
    ----------
    x : array of any shape

    Returns
    -------
    out : array, shape and dtype of `x`
    cache : anything
        What `sigmoid_backward` needs.

    Notes
    -----
    exp(1000) overflows. Find a way in which no exponent is large and positive; what does the fraction become when you multiply its
    numerator and denominator by exp(x)?

    Example: x = [0, log 3, -log 3] gives [0.5, 0.75, 0.25]; x = [-1000, 1000] gives [0, 1], without a warning.

    Source: lecture notes 000, slides 31-36; 002, slide 18.
    """
    raise NotImplementedError


def sigmoid_backward(dout, cache):
    """Send the gradient back through the sigmoid.

    ``dx = dout * out * (1 - out)``

    Parameters
    ----------
    dout : array
        Gradient of the loss with respect to `out`.
    cache : anything
        Yours, from `sigmoid_forward`.

    Returns
    -------
    dx : array, shape and dtype of `dout`

    Notes
    -----
    The formula is in terms of the OUTPUT of the sigmoid. The slope is at most 1/4, and 0 where the unit is saturated.

    Example: x = [0, log 3] and dout = [1, 16] give dx = [0.25, 3].

    Source: lecture note 000, slides 31-32.
    """
    raise NotImplementedError


def tanh_forward(x):
    """Squash every element into (-1, 1), with 0 staying 0.

    ``out = tanh(x) = (exp(x) - exp(-x)) / (exp(x) + exp(-x))``

    Parameters
    ----------
    x : array of any shape

    Returns
    -------
    out : array, shape and dtype of `x`
    cache : anything
        What `tanh_backward` needs.

    Notes
    -----
    NumPy has the function; the fraction above overflows.

    Example: x = [0, log 2, -log 2] gives [0, 0.6, -0.6].

    Source: lecture notes 000, slide 37; 002, slide 20.
    """
    raise NotImplementedError


def tanh_backward(dout, cache):
    """Send the gradient back through tanh.

    ``dx = dout * (1 - out^2)``

    Parameters
    ----------
    dout : array
        Gradient of the loss with respect to `out`.
    cache : anything
        Yours, from `tanh_forward`.

    Returns
    -------
    dx : array, shape and dtype of `dout`

    Notes
    -----
    The formula is in terms of the OUTPUT of tanh.

    Example: x = [0, log 2] and dout = [1, 2] give dx = [1, 1.28].

    Source: lecture note 000, slide 37.
    """
    raise NotImplementedError


def relu_forward(x):
    """Cut off what is below 0.

    ``out = max(0, x)``

    Parameters
    ----------
    x : array of any shape

    Returns
    -------
    out : array, shape and dtype of `x`
    cache : anything
        What `relu_backward` needs.

    Notes
    -----
    Example: x = [-2, 3] gives [0, 3].

    Source: lecture notes 000, slides 38-42; 002, slide 21.
    """
    raise NotImplementedError


def relu_backward(dout, cache):
    """Let the gradient pass where the input was positive, and only there.

    ``dx = dout if x > 0 else 0``, element by element

    Parameters
    ----------
    dout : array
        Gradient of the loss with respect to `out`.
    cache : anything
        Yours, from `relu_forward`.

    Returns
    -------
    dx : array, shape and dtype of `dout`

    Notes
    -----
    The sign of x decides, not that of dout. At x = 0 anything between 0 and dout is right.

    Example: x = [-2, 3, 4] and dout = [5, 6, -7] give dx = [0, 6, -7].

    Source: lecture note 000, slides 40-41.
    """
    raise NotImplementedError


def leaky_relu_forward(x, slope=0.01):
    """Scale what is below 0 by a small constant instead of cutting it off.

    ``out = x if x > 0 else slope * x``, element by element

    Parameters
    ----------
    x : array of any shape
    slope : float
        Slope below 0. It may be above 1, or negative.

    Returns
    -------
    out : array, shape and dtype of `x`
    cache : anything
        What `leaky_relu_backward` needs.

    Notes
    -----
    The SIGN OF X decides. The ``max(0.01 x, x)`` of the notes is the same only while the slope is at most 1.

    Example: x = [-2, 3] gives [-0.02, 3]; with slope = 2 it gives [-4, 3].

    Source: lecture notes 000, slide 43; 002, slide 22; Maas, Hannun and Ng 2013.
    """
    raise NotImplementedError


def leaky_relu_backward(dout, cache):
    """Let the gradient pass where the input was positive, and scale it by the slope elsewhere.

    ``dx = dout if x > 0 else slope * dout``, element by element

    Parameters
    ----------
    dout : array
        Gradient of the loss with respect to `out`.
    cache : anything
        Yours, from `leaky_relu_forward`. The slope is in it only if you put it there.

    Returns
    -------
    dx : array, shape and dtype of `dout`

    Notes
    -----
    With a negative slope the sign of `out` does not tell you the sign of x. What happens at x = 0 is not tested.

    Example: x = [-2, 3], slope = 0.1 and dout = [10, 20] give dx = [1, 20].

    Source: lecture note 000, slide 43.
    """
    raise NotImplementedError


def prelu_forward(x, alpha):
    """Scale what is below 0 by a learned slope.

    ``out = x if x > 0 else alpha * x``, element by element

    Parameters
    ----------
    x : array, (N, C) or (N, C, H, W)
        With a scalar alpha, any shape.
    alpha : float or (C,) array
        Slope below 0: one for everything, or one per channel. Channels are AXIS 1. A slope may be above 1, or negative.

    Returns
    -------
    out : array, shape and dtype of `x`
    cache : anything
        What `prelu_backward` needs.

    Notes
    -----
    NumPy lines up a (C,) array with the LAST axis; for (N, C, H, W) that is the wrong one.

    Example: x = [[-2, -2], [1, -4]] and alpha = [0.5, 0.25] give [[-1, -0.5], [1, -1]].

    Source: He et al. 2015, "Delving Deep into Rectifiers", section 2.1; lecture note 000, slide 43.
    """
    raise NotImplementedError


def prelu_backward(dout, cache):
    """Send the gradient back to the input and to the learned slope.

    ``dx = dout if x > 0 else alpha * dout``

    ``dalpha = sum of (0 if x > 0 else x * dout)`` over all elements that share that slope

    Parameters
    ----------
    dout : array
        Gradient of the loss with respect to `out`.
    cache : anything
        Yours, from `prelu_forward`.

    Returns
    -------
    dx : array, shape and dtype of `dout`
    dalpha : scalar or (C,) array
        A scalar if alpha was one, else one value per channel.

    Notes
    -----
    `dalpha` is a SUM over the examples (and positions), not a mean. What happens at x = 0 is not tested.

    Example: x and alpha as above and dout all ones give dx = [[0.5, 0.25], [1, 0.25]] and dalpha = [-2, -6]. With the scalar
    alpha = 0.5 instead, dalpha = -8.

    Source: He et al. 2015, "Delving Deep into Rectifiers", equations 2-4.
    """
    raise NotImplementedError


def elu_forward(x, alpha=1.0):
    """Let what is below 0 level off at -alpha.

    ``out = x if x > 0 else alpha * (exp(x) - 1)``, element by element

    Parameters
    ----------
    x : array of any shape
    alpha : float
        The output levels off at -alpha.

    Returns
    -------
    out : array, shape and dtype of `x`
    cache : anything
        What `elu_backward` needs.

    Notes
    -----
    Mind the brackets: note 000 prints ``alpha * exp(x) - 1``, which jumps at 0 unless alpha is 1. Mind also that NumPy computes both
    sides of a `np.where`, the side that you throw away too: exp(1000) overflows.

    Example: x = [-log 2, 3] and alpha = 2 give [-1, 3].

    Source: Clevert, Unterthiner and Hochreiter 2015, arXiv:1511.07289, equation 15; lecture note 000, slide 44.
    """
    raise NotImplementedError


def elu_backward(dout, cache):
    """Send the gradient back through the exponential linear unit.

    ``dx = dout if x > 0 else dout * alpha * exp(x)``, element by element

    Parameters
    ----------
    dout : array
        Gradient of the loss with respect to `out`.
    cache : anything
        Yours, from `elu_forward`.

    Returns
    -------
    dx : array, shape and dtype of `dout`

    Notes
    -----
    What happens at x = 0 is not tested.

    Example: x = [-log 2, 3], alpha = 2 and dout = [5, 7] give dx = [5, 7]; with alpha = 1 they give [2.5, 7].

    Source: Clevert, Unterthiner and Hochreiter 2015, arXiv:1511.07289, equation 15.
    """
    raise NotImplementedError


def maxout_forward(x, W1, b1, W2, b2):
    """Take, for every unit, the larger of two affine functions of the input.

    ``out = max(x W1 + b1, x W2 + b2)``

    Parameters
    ----------
    x : (N, D) array
        One example per row.
    W1, W2 : (D, M) array
        Weights of the two pieces of M units.
    b1, b2 : (M,) array
        Their biases.

    Returns
    -------
    out : (N, M) array, dtype of `x`
    cache : anything
        What `maxout_backward` needs.

    Notes
    -----
    Every unit of every example chooses for itself which piece is the larger one.

    Example: x = [[1], [-1]], W1 = [[2]], b1 = [0], W2 = [[-1]], b2 = [1]: the pieces are [[2], [-2]] and [[0], [2]], so
    out = [[2], [2]].

    Source: Goodfellow et al. 2013, "Maxout Networks", section 3; lecture notes 000, slide 45; 002, slide 22.
    """
    raise NotImplementedError


def maxout_backward(dout, cache):
    """Send the gradient back through the piece that was the larger one, unit by unit and example by example.

    With ``ds1`` equal to `dout` where piece 1 was the larger one and else 0, and ``ds2`` the other way round:
    ``dWk = x^T dsk``, ``dbk = sum of dsk over the examples``, ``dx = ds1 W1^T + ds2 W2^T``

    Parameters
    ----------
    dout : (N, M) array
        Gradient of the loss with respect to `out`.
    cache : anything
        Yours, from `maxout_forward`.

    Returns
    -------
    dx : (N, D) array
    dW1 : (D, M) array
    db1 : (M,) array
    dW2 : (D, M) array
    db2 : (M,) array
        All with the dtype of `dout`.

    Notes
    -----
    Mind the order of the five. Weights and biases get sums over the examples, not means. Ties are not tested.

    Example: for the forward pass above, dout = [[3], [5]] gives dx = [[6], [-5]], dW1 = [[3]], db1 = [3], dW2 = [[-5]], db2 = [5].

    Source: Goodfellow et al. 2013, "Maxout Networks", section 3.
    """
    raise NotImplementedError


def two_relu_sigmoid(x):
    """Combine two ReLU units into a piecewise linear function shaped like a sigmoid.

    ``out = max(0, x + 1) - max(0, x - 1)``

    Parameters
    ----------
    x : array of any shape

    Returns
    -------
    out : array, shape and dtype of `x`
        `out` alone: there is no cache here.

    Notes
    -----
    The range is [0, 2], not [0, 1].

    Example: x = [-5, -1, 0, 0.5, 1, 5] gives [0, 0, 1, 1.5, 2, 2].

    Source: lecture note 000, slide 38.
    """
    raise NotImplementedError


def saturated_fraction(h, kind, tol=1e-2):
    """Measure which share of the activations is near an asymptote, where hardly any gradient passes.

    Parameters
    ----------
    h : array of any shape
        Activations, AFTER the activation function (do not apply it again).
    kind : str
        ``'sigmoid'`` (asymptotes 0 and 1) or ``'tanh'`` (-1 and 1); raise ValueError for anything else.
    tol : float
        A value within this distance of EITHER asymptote is saturated.

    Returns
    -------
    float
        Between 0 and 1.

    Notes
    -----
    Values at a distance of exactly tol are not tested.

    Example: h = [0.005, 0.4, 0.5, 0.999] is half saturated for 'sigmoid' (0.5), and a quarter for 'tanh' (0.25): there 0 is the middle.

    Source: lecture notes 000, slides 32-33 and 53; 002, slide 35.
    """
    raise NotImplementedError


def dead_units(h):
    """Find the units that are 0 for every example.

    Parameters
    ----------
    h : (N, M) array
        Activations of M units (columns) for N examples (rows).

    Returns
    -------
    dead : (M,) array of bool
        True where every one of the N activations is exactly 0.

    Notes
    -----
    No gradient passes a ReLU whose output is 0, so such a unit gets no update from any of these examples.

    Example: h = [[0, 1, 0], [0, 0, 2]] gives [True, False, False].

    Source: lecture notes 000, slides 40-42; 002, slide 21.
    """
    raise NotImplementedError
