"""A plain recurrent network.

A recurrent network reads a sequence one element at a time and keeps what it has seen in a hidden state. The same function with the same
parameters is used at every time step, so that a sequence may have any length. You learn what it takes to send a gradient back through
time: a hidden state is used twice (at its own step, and by the next one), and a parameter T times, and all their gradients add up.

Everywhere: N examples, T time steps, D features of an input, H hidden units. The batch is the first axis and time the second. The dtype
that comes in goes out (float32 stays float32); arguments are not modified. What you put into `cache` is your own business: it only comes
back to your backward function.
"""

import numpy as np


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    """Compute the next hidden state from the previous one and the input of this time step.

    ``next_h = tanh(x @ Wx + prev_h @ Wh + b)``

    Parameters
    ----------
    x : (N, D) array
        Inputs of this time step, one example per row.
    prev_h : (N, H) array
        Hidden state that the previous step left.
    Wx : (D, H) array
        Weights from the input to the hidden state.
    Wh : (H, H) array
        Weights from the previous hidden state to the next one.
    b : (H,) array
        Biases.

    Returns
    -------
    next_h : (N, H) array, dtype of `x`
    cache : anything
        What `rnn_step_backward` needs.

    Notes
    -----
    Examples are rows, so the weights are on the right. `Wh` is square: its transpose would fit without an error, and be wrong.

    Example: x = [[1, 2]], prev_h = [[0.5]], Wx = [[0.3], [-0.2]], Wh = [[0.8]], b = [0.1] gives tanh(-0.1 + 0.4 + 0.1) = [[0.3799]].

    Source: lecture note 004, slides 25-26; Goodfellow, Bengio and Courville 2016, section 10.2, equations 10.8 and 10.9.
    """
    raise NotImplementedError


def rnn_step_backward(dnext_h, cache):
    """Send the gradient of the next hidden state back to all that it was computed from.

    With a = x @ Wx + prev_h @ Wh + b, the step is next_h = tanh(a), and the derivative of tanh is 1 - tanh(a)^2. What remains is an
    affine layer with two inputs.

    Parameters
    ----------
    dnext_h : (N, H) array
        Gradient of the loss with respect to `next_h`.
    cache : anything
        Yours, from `rnn_step_forward`.

    Returns
    -------
    dx : (N, D) array
    dprev_h : (N, H) array
    dWx : (D, H) array
    dWh : (H, H) array
    db : (H,) array
        In this order, all of the dtype of `dnext_h`.

    Notes
    -----
    The parameters are shared by all examples: their gradients are sums over the examples, not means.

    Example: dnext_h = [[1]] for the forward pass above. The derivative of tanh is 1 - 0.3799^2 = 0.8556, so db = [0.8556],
    dprev_h = [[0.6845]], dx = [[0.2567, -0.1711]], dWx = [[0.8556], [1.7113]], dWh = [[0.4278]].

    Source: Goodfellow, Bengio and Courville 2016, section 10.2.2.
    """
    raise NotImplementedError


def rnn_forward(x, h0, Wx, Wh, b):
    """Run the recurrence over whole sequences, with the same parameters at every time step.

    The state after the first input comes from `h0`, and every later one from the state before it.

    Parameters
    ----------
    x : (N, T, D) array
        N sequences of T inputs; ``x[:, t]`` is what time step t sees.
    h0 : (N, H) array
        Hidden state before the first input.
    Wx, Wh, b : (D, H), (H, H) and (H,) array
        As for `rnn_step_forward`.

    Returns
    -------
    h : (N, T, H) array, dtype of `x`
        The hidden state after each input; `h0` is not among them.
    cache : anything
        What `rnn_backward` needs.

    Notes
    -----
    You may use `rnn_step_forward`. T may be 1, and nothing may depend on how long the sequence is.

    Example: x = [[[1], [0]]], h0 = [[0]], Wx = [[0.5]], Wh = [[2]], b = [0] gives h = [[[0.4621], [0.7279]]].

    Source: lecture note 004, slides 24-27; Goodfellow, Bengio and Courville 2016, section 10.2.
    """
    raise NotImplementedError


def rnn_backward(dh, cache):
    """Send the gradients of all hidden states back through time.

    Parameters
    ----------
    dh : (N, T, H) array
        Upstream gradient of each hidden state: what comes from its own time step, for instance from a loss at that step. What comes
        from later time steps is not in it; that part is yours to compute.
    cache : anything
        Yours, from `rnn_forward`.

    Returns
    -------
    dx : (N, T, D) array
    dh0 : (N, H) array
    dWx : (D, H) array
    dWh : (H, H) array
    db : (H,) array
        In this order, all of the dtype of `dh`.

    Notes
    -----
    You may use `rnn_step_backward`. A state is used at its own time step and by the next step: the gradients of both uses add up. The
    parameters are used at every time step: the gradients of all T uses add up. Do not write into `dh`, and leave the cache as it is.

    Example: dh = [[[0], [1]]] for the forward pass above gives dh0 = [[1.4791]] and dWx = [[0.7395]], though the loss looks at the last
    state alone and the last input is 0.

    Source: Goodfellow, Bengio and Courville 2016, section 10.2.2; Werbos 1990, Proc. IEEE 78.
    """
    raise NotImplementedError


def unfold(step, s0, inputs):
    """Unfold a recurrence: apply one and the same function along a sequence of any length.

    ``s(t) = step(s(t-1), x(t))``, from the state `s0` that was there before the first input.

    Parameters
    ----------
    step : callable
        ``step(state, x)`` returns the next state and changes nothing. Its parameters are inside it.
    s0 : number or array
        The state before the first input.
    inputs : list of T numbers or arrays
        One input per time step, T at least 1.

    Returns
    -------
    list of T states
        The state after each input; `s0` is not among them.

    Notes
    -----
    A state may be a plain number: do not count on it having a shape.

    Example: with step = (s, x) -> 2 * s + x, s0 = 1 and inputs = [1, 0, 3] the states are [3, 6, 15].

    Source: lecture note 004, slides 25-27; Goodfellow, Bengio and Courville 2016, section 10.1, equations 10.1 to 10.7.
    """
    raise NotImplementedError
