"""Backpropagation.

A network is a composition of functions, and the chain rule differentiates it from the loss back to every weight. You write an affine
layer with its backward pass, numerical gradients to check a backward pass against, and the chain rule through a thin chain, a single
neuron and a network with a hidden layer.

Everywhere: the gradient of a quantity has the shape of that quantity. Arrays come as float32 or float64, and that dtype goes out;
arguments are left as they were. No function warns or overflows for inputs between -10 000 and 10 000: mind e^x.
"""

import numpy as np


def affine_forward(x, w, b):
    """Multiply every example by the weights and add the biases.

    ``out = rows w + b``, where ``rows`` is x with every example flattened to D = d1 * ... * dk numbers

    Parameters
    ----------
    x : (N, d1, ..., dk) array
        N examples, each of any shape: rows of features, or images.
    w : (D, M) array
        Weights.
    b : (M,) array
        Biases.

    Returns
    -------
    out : (N, M) array
    cache : anything
        What `affine_backward` needs.

    Notes
    -----
    Example: x = [[1, 2]], w = [[1, 0], [2, -1]], b = [0.5, 1] gives out = [[5.5, -1]].

    Source: lecture note 000, module 9.1, slides 3-5.
    """
    raise NotImplementedError


def affine_backward(dout, cache):
    """Send the gradient back through an affine layer.

    Parameters
    ----------
    dout : (N, M) array
        Gradient of the loss with respect to `out`.
    cache : anything
        Yours, from `affine_forward`.

    Returns
    -------
    dx : array, shape of x (images come back as images)
    dw : (D, M) array
    db : (M,) array

    Notes
    -----
    `dw` and `db` are SUMS over the examples, not means: if the loss is a mean, its 1 / N is in `dout` already.

    Example: dout = [[1, 3]] for the forward pass above gives dx = [[1, -1]], dw = [[1, 3], [2, 6]], db = [1, 3].

    Source: lecture note 000, slides 4 and 6: the gradient of a weight is proportional to the input of that weight.
    """
    raise NotImplementedError


def numerical_gradient(f, x, h=1e-5):
    """Differentiate a scalar function by central differences, one element of x at a time.

    ``gradient_i = (f(x + h e_i) - f(x - h e_i)) / (2 h)``, where ``e_i`` is 1 at element i and 0 elsewhere

    Parameters
    ----------
    f : function
        Takes an array of the shape of `x`, returns a number, and does nothing else.
    x : array of float64, any shape
        Where to differentiate. You may change it on the way if you put it back.
    h : float
        The step to each side.

    Returns
    -------
    gradient : array, shape of `x`

    Notes
    -----
    Existing work may call it ``eval_numerical_gradient``.

    Example: f(x) = x^3 at x = [2] with h = 0.1 gives [12.01], where the derivative is 12: the error shrinks with h^2.

    Source: Press et al. 2007, "Numerical Recipes", section 5.7.
    """
    raise NotImplementedError


def numerical_gradient_array(f, x, df, h=1e-5):
    """Differentiate a function that returns an array, given the upstream gradient.

    ``gradient_i = sum((f(x + h e_i) - f(x - h e_i)) * df) / (2 h)``, the sum being over all elements of f's result

    Parameters
    ----------
    f : function
        Takes an array of the shape of `x`, returns an array of any one shape, and does nothing else.
    x : array of float64, any shape
        Where to differentiate. You may change it on the way if you put it back.
    df : array, shape of f(x)
        Gradient of the loss with respect to f(x).
    h : float
        The step to each side.

    Returns
    -------
    gradient : array, shape of `x`

    Notes
    -----
    With it you can check any backward pass: f is the forward pass, df is dout. If you move x itself, keep a copy of what f returns,
    which may be x, or a view of it. Existing work may call this function ``eval_numerical_gradient_array``.

    Example: f(x) = x^2 at x = [1, 2] with df = [10, 1] gives [20, 4].

    Source: Press et al. 2007, "Numerical Recipes", section 5.7.
    """
    raise NotImplementedError


def relative_error(a, b):
    """Give the largest relative difference between two arrays of one shape.

    ``max over all elements of  |a - b| / max(1e-8, |a| + |b|)``

    Parameters
    ----------
    a, b : arrays of one shape

    Returns
    -------
    float

    Notes
    -----
    Each difference is divided by its own |a| + |b|. The floor of 1e-8 makes two zeros agree, without a warning.
    Existing work may call it ``rel_error``.

    Example: a = [1, 2, 0] and b = [1, 3, 0] give 0.2.
    """
    raise NotImplementedError


def chain_gradients(w, x, y):
    """Differentiate the loss of a thin chain of sigmoids with respect to each of its weights.

    ``h_0 = x``, ``h_i = sigmoid(w_i h_(i-1))`` for i = 1 ... n, and the loss is ``L = (h_n - y)^2 / 2``

    Parameters
    ----------
    w : (n,) array
        One weight per layer, the one next to the input first.
    x, y : float
        Input and target.

    Returns
    -------
    list of n floats
        dL/dw_1, ..., dL/dw_n: in the order of `w`, and without the loss.

    Notes
    -----
    Every layer has its sigmoid, the last one too.

    Example: w = [0, 4], x = 3, y = 0: h_1 = 0.5, h_2 = 0.8808, and the gradients are [0.2774, 0.0462].

    Source: lecture note 000, slides 3 and 4.
    """
    raise NotImplementedError


def composed_gradients(w1, w2, x, y):
    """Differentiate the squared error of two composed functions with respect to their weights.

    ``L = (f2(w2 f1(w1 x)) - y)^2`` with f1 the hyperbolic tangent and f2 the sigmoid

    Parameters
    ----------
    w1, w2, x, y : float

    Returns
    -------
    dw1, dw2 : float

    Notes
    -----
    There is no 1/2 in this loss.

    Example: w1 = 0, w2 = 2, x = 3, y = 0 gives dw1 = 1.5 and dw2 = 0.

    Source: lecture note 001, theorem 1 and "Back-Propagation".
    """
    raise NotImplementedError


def sigmoid_neuron(w, x):
    """Evaluate a sigmoid neuron, and differentiate its output with respect to its weights and its inputs.

    ``out = sigmoid(w_1 x_1 + ... + w_n x_n + w_(n+1))``

    Parameters
    ----------
    w : (n + 1,) array
        One weight per input; the LAST entry is the bias.
    x : (n,) array
        Inputs.

    Returns
    -------
    out : float
    dw : (n + 1,) array
        d out / d w, the bias last.
    dx : (n,) array
        d out / d x.

    Notes
    -----
    Example: w = [2, -3, -3], x = [-1, -2]: out = 0.73, dw = [-0.20, -0.39, 0.20], dx = [0.39, -0.59], as on the slide, which rounds.
    Do not round.

    Source: lecture note 002, slide 89.
    """
    raise NotImplementedError


def two_layer_net(x, y, params, reg):
    """Give the loss of a network with one hidden layer, and its gradients with respect to all parameters.

    ``hidden = max(0, x W1 + b1)``, ``scores = hidden W2 + b2``, ``p = softmax(scores)``,
    ``loss = mean over examples of -log p[right class]  +  reg / 2 * (sum of W1^2 + sum of W2^2)``

    Parameters
    ----------
    x : (N, D) array
        One example per row.
    y : (N,) array of integers
        The right class of each example, from 0 to C - 1.
    params : dict
        ``W1`` (D, M), ``b1`` (M,), ``W2`` (M, C), ``b2`` (C,).
    reg : float
        Strength of the penalty, which leaves out the biases.

    Returns
    -------
    loss : float
    grads : dict
        Keys ``W1``, ``b1``, ``W2``, ``b2``: the gradient of the loss, penalty included, with the shape of each parameter.

    Notes
    -----
    A loss has no upper limit: a probability that is too small for a float still has a logarithm. Do not clip it; find a way to the
    logarithm that does not pass through the probability.

    Example: with all parameters 0 the loss is log C, and the gradient of b2 is 1 / C - (share of examples of each class).

    Source: lecture note 000, slides 5 and 6; 002, slides 88-91.
    """
    raise NotImplementedError
