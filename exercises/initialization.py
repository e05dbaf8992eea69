"""Weight initialization.

Where the weights start decides whether a deep network learns at all. You learn which variance lets a signal pass through many layers
at an even strength, what too small and too large weights do to the activations, and why the units of a layer must not start equal.

Everywhere: weights are `W (n_in, n_out)` with n_in the units before and n_out the units after them, biases `b (n_out,)`, both float64.
All randomness comes from the argument `rng`, a `numpy.random.Generator` (`rng.standard_normal`, `rng.uniform`, ...), never from
`numpy.random` itself: the same generator in the same state gives the same weights. Every weight has a draw of its own. "Normal" means
the whole normal distribution, not a truncated one. Arguments are not modified.
"""

import numpy as np


def zeros_init(n_in, n_out):
    """Start every weight at 0.

    Parameters
    ----------
    n_in, n_out : int
        Units before and after the weights.

    Returns
    -------
    W : (n_in, n_out) array of float64

    Notes
    -----
    Enough for linear and logistic regression. `symmetric_step` shows what is wrong with it in a hidden layer.

    Source: lecture notes 000, slide 49; 001, section 3; 003, "Weight Initialisation".
    """
    raise NotImplementedError


def scaled_normal_init(n_in, n_out, std, rng):
    """Draw normal weights of mean 0 and standard deviation `std`.

    ``W ~ N(0, std^2)``

    Parameters
    ----------
    n_in, n_out : int
        Units before and after the weights.
    std : float
        The STANDARD DEVIATION, not the variance: 0.01 gives the "small" random numbers of the notes, 1.0 the "large" ones.
    rng : numpy.random.Generator
        Draw from it.

    Returns
    -------
    W : (n_in, n_out) array of float64

    Source: lecture notes 000, slides 51-53; 002, slides 29-35; 003, "Weight Initialisation".
    """
    raise NotImplementedError


def lecun_normal(n_in, n_out, rng):
    """Draw normal weights that keep the variance of a linear layer's output at that of its input.

    ``W ~ N(0, variance)`` with ``variance = 1 / n_in``

    Parameters
    ----------
    n_in, n_out : int
        Units before and after the weights.
    rng : numpy.random.Generator
        Draw from it.

    Returns
    -------
    W : (n_in, n_out) array of float64

    Notes
    -----
    A sum of n_in independent products w * x has n_in times the variance of one. Notes 001 and 002 call this variance Xavier's; here the
    name Xavier means the variance of Glorot and Bengio.

    Example: n_in = 100 gives weights of standard deviation 0.1, whatever n_out is.

    Source: LeCun et al. 1998, "Efficient BackProp", section 4.6; lecture notes 000, slides 54-58; 001, section 3.
    """
    raise NotImplementedError


def xavier_normal(n_in, n_out, rng):
    """Draw normal weights that suit the forward and the backward pass equally well.

    ``W ~ N(0, variance)`` with ``variance = 2 / (n_in + n_out)``

    Parameters
    ----------
    n_in, n_out : int
        Units before and after the weights.
    rng : numpy.random.Generator
        Draw from it.

    Returns
    -------
    W : (n_in, n_out) array of float64

    Notes
    -----
    The forward pass asks for 1 / n_in, the backward pass for 1 / n_out. The formula is a variance, not a standard deviation.

    Example: n_in = 30 and n_out = 20 give weights of standard deviation 0.2.

    Source: Glorot and Bengio 2010, equation 12; lecture note 001, section 3.
    """
    raise NotImplementedError


def xavier_uniform(n_in, n_out, rng):
    """Draw uniform weights of the variance of `xavier_normal`.

    ``W ~ U(-a, a)`` with ``a = sqrt(6 / (n_in + n_out))``

    Parameters
    ----------
    n_in, n_out : int
        Units before and after the weights.
    rng : numpy.random.Generator
        Draw from it.

    Returns
    -------
    W : (n_in, n_out) array of float64

    Notes
    -----
    ``U(-a, a)`` has variance a^2 / 3, which is where the 6 comes from.

    Example: n_in = 4 and n_out = 2 give weights between -1 and 1.

    Source: Glorot and Bengio 2010, equation 16; lecture note 004, slide 20.
    """
    raise NotImplementedError


def he_normal(n_in, n_out, rng):
    """Draw normal weights for a layer of ReLU units.

    ``W ~ N(0, variance)`` with ``variance = 2 / n_in``

    Parameters
    ----------
    n_in, n_out : int
        Units before and after the weights.
    rng : numpy.random.Generator
        Draw from it.

    Returns
    -------
    W : (n_in, n_out) array of float64

    Notes
    -----
    A ReLU is 0 for half of its inputs; the 2 makes up for that half.

    Example: n_in = 50 gives weights of standard deviation 0.2, whatever n_out is.

    Source: He et al. 2015, "Delving Deep into Rectifiers", equation 10; lecture notes 001, section 3; 002 ("Xavier/2").
    """
    raise NotImplementedError


def he_uniform(n_in, n_out, rng):
    """Draw uniform weights of the variance of `he_normal`.

    ``W ~ U(-a, a)`` with ``a = sqrt(6 / n_in)``

    Parameters
    ----------
    n_in, n_out : int
        Units before and after the weights.
    rng : numpy.random.Generator
        Draw from it.

    Returns
    -------
    W : (n_in, n_out) array of float64

    Notes
    -----
    Example: n_in = 24 gives weights between -0.5 and 0.5, whatever n_out is.

    Source: He et al. 2015, "Delving Deep into Rectifiers", section 2.2 (in its uniform form).
    """
    raise NotImplementedError


def relu_bias(n_out, value=0.01):
    """Start the biases of ReLU units slightly above 0, so that the units are not dead from the first step.

    Parameters
    ----------
    n_out : int
        Units.
    value : float
        What every bias starts at.

    Returns
    -------
    b : (n_out,) array of float64

    Notes
    -----
    Example: ``relu_bias(3)`` gives [0.01, 0.01, 0.01].

    Source: lecture note 000, slide 42.
    """
    raise NotImplementedError


def initialize_network(layer_sizes, scheme, rng):
    """Draw the weights of every layer by one scheme, and start the biases at 0.

    Parameters
    ----------
    layer_sizes : list of int
        Units of each layer, the INPUT included: [500, 300, 10] has two weight layers.
    scheme : str
        The name of one of the functions above that give weights: ``'zeros_init'``, ``'scaled_normal_init'`` (with std 0.01),
        ``'lecun_normal'``, ``'xavier_normal'``, ``'xavier_uniform'``, ``'he_normal'`` or ``'he_uniform'``. (`relu_bias` gives biases and
        is not a scheme.) Raise ValueError for anything else.
    rng : numpy.random.Generator
        Draw from it, one layer after the other.

    Returns
    -------
    layers : list of pairs (W, b)
        One pair per weight layer, from the input on: ``W (n_in, n_out)`` and ``b (n_out,)``, both float64, b all zeros.

    Notes
    -----
    Each layer has its own n_in and n_out, and weights of its own.

    Example: layer_sizes = [4, 3, 2] gives [(W, b), (W, b)] with shapes (4, 3), (3,) and (3, 2), (2,).

    Source: lecture note 000, slides 50-60 (there 500-500-500-500-500-500).
    """
    raise NotImplementedError


def activation_statistics(x, weights, activation):
    """Send a batch through a network and describe the activations of every layer.

    ``h_k = activation(h_{k-1} W_k + b_k)``, starting from ``h_0 = x``

    Parameters
    ----------
    x : (N, D) array
        One example per row.
    weights : list of pairs (W, b)
        ``W (n_in, n_out)`` and ``b (n_out,)``, as `initialize_network` gives them.
    activation : str
        ``'sigmoid'``, ``'tanh'`` or ``'relu'``, for every layer; raise ValueError for anything else.

    Returns
    -------
    statistics : list of dict
        One dict of four floats per weight layer (none for the input), about its activations h (N, n_out), AFTER the activation function:

        - ``mean``, ``std``: over all N * n_out values at once; the standard deviation divides by their number (ddof 0);
        - ``saturated``: the share of values within 1e-2 of an asymptote, at either end (sigmoid: 0 and 1; tanh: -1 and 1); 0.0 for relu;
        - ``dead``: the share of UNITS (columns of h) that are exactly 0 for every example, whatever the activation.

    Notes
    -----
    Nothing may overflow or cause a warning for sums between -10 000 and 10 000.

    Example: x = [[1], [-1]], W = [[2, -3]], b = [-3, -9], relu: the sums are [[-1, -12], [-5, -6]], so both units are dead (dead = 1.0);
    with b = [0, -9] the first unit gives [2, 0] and lives: mean 0.5, std sqrt(0.75), saturated 0.0, dead 0.5.

    Source: lecture notes 000, slides 50-60 (five layers of 500); 002, slides 29-46 (ten).
    """
    raise NotImplementedError


def symmetric_step(params, x, y, lr):
    """Take one step of gradient descent on the 2-2-1 network of the notes.

    ``h = sigmoid(x W1 + b1)``, ``o = sigmoid(h W2 + b2)``, ``L = (o - y)^2``, then ``w - lr * dL/dw`` for every parameter

    Parameters
    ----------
    params : dict
        ``W1`` (2, 2), whose column j holds the weights into hidden unit j; ``b1`` (2,); ``W2`` (2, 1); ``b2`` (1,).
    x : (2,) array
        One example.
    y : float
        Its target.
    lr : float
        Step size.

    Returns
    -------
    next_params : dict
        A NEW dict of new arrays with the keys ``W1``, ``b1``, ``W2``, ``b2``, in the same shapes; `params` stays as it is.

    Notes
    -----
    Work out all four gradients first, at the old parameters. The loss has no factor one half. Nothing may overflow for sums
    between -10 000 and 10 000; float32 stays float32.

    Try it with two equal hidden units: their gradients are equal too, so they stay equal however many steps you take. With unequal
    units they differ.

    Example: all parameters 0, x = [1, 2], y = 0, lr = 1: h = [0.5, 0.5], o = 0.5, dL/db2 = 0.25, dL/dW2 = [0.125, 0.125]; W1 and b1 get
    no gradient, because W2 is 0.

    Source: lecture notes 001, section 3; 000, slide 49.
    """
    raise NotImplementedError
