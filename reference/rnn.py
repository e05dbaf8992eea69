"""A plain recurrent network: one step, a whole sequence, the way back through time, and unfolding."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.floating[Any]]
Gradients: TypeAlias = tuple[Floats, Floats, Floats, Floats, Floats]
Cache: TypeAlias = Any
State = TypeVar("State")
Input = TypeVar("Input")


def rnn_step_forward(x: Floats, prev_h: Floats, Wx: Floats, Wh: Floats, b: Floats) -> tuple[Floats, Cache]:
    """Compute the next hidden state from the previous one and the input of this time step.

    ``next_h = tanh(x @ Wx + prev_h @ Wh + b)``

    Parameters
    ----------
    x : (N, D) array of float32 or float64
        Inputs of this time step, one example per row.
    prev_h : (N, H) array, dtype of `x`
        Hidden state that the previous step left.
    Wx : (D, H) array, dtype of `x`
        Weights from the input to the hidden state.
    Wh : (H, H) array, dtype of `x`
        Weights from the previous hidden state (rows) to the next one (columns).
    b : (H,) array, dtype of `x`

    Returns
    -------
    next_h : (N, H) array, dtype of `x`
    cache : object
        For `rnn_step_backward`.

    Notes
    -----
    Examples are rows, so that the weights stand on the right: ``prev_h @ Wh``, where textbooks with column vectors write ``W h``.
    `Wh` is square, and its transpose fits as well.

    References
    ----------
    .. [1] I. Goodfellow, Y. Bengio, A. Courville, "Deep Learning", 2016, section 10.2, equations 10.8 and 10.9.
    .. [2] Lecture note 004, slides 25-26 (``h(t) = f(h(t-1), x(t); θ)``).
    """
    a = x @ Wx + prev_h @ Wh + b
    next_h = np.tanh(a)
    return next_h, (x, prev_h, Wx, Wh, next_h)


def rnn_step_backward(dnext_h: Floats, cache: Cache) -> Gradients:
    """Send the gradient of the next hidden state back to all that it was computed from.

    ``da = dnext_h * (1 - next_h**2)``, the gradient of what the tanh was applied to; the rest as in an affine layer

    Parameters
    ----------
    dnext_h : (N, H) array of float32 or float64
        Gradient with respect to ``next_h``.
    cache : object
        From `rnn_step_forward`.

    Returns
    -------
    dx : (N, D) array
    dprev_h : (N, H) array
    dWx : (D, H) array
    dWh : (H, H) array
    db : (H,) array
        All of the dtype of `dnext_h`.

    Notes
    -----
    The derivative of tanh is ``1 - tanh(a)**2``: it takes the output, not ``a``. Parameters are shared by the examples, so that their
    gradients are sums over N, not means.

    References
    ----------
    .. [1] I. Goodfellow, Y. Bengio, A. Courville, "Deep Learning", 2016, section 10.2.2.
    """
    x, prev_h, Wx, Wh, next_h = cache

    da = dnext_h * (1 - next_h**2)
    dx = da @ Wx.T
    dprev_h = da @ Wh.T
    dWx = x.T @ da
    dWh = prev_h.T @ da
    db = np.sum(da, axis=0)
    return dx, dprev_h, dWx, dWh, db


def rnn_forward(x: Floats, h0: Floats, Wx: Floats, Wh: Floats, b: Floats) -> tuple[Floats, Cache]:
    """Run the recurrence over a whole sequence, with the same parameters at every time step.

    ``h[:, t] = tanh(x[:, t] @ Wx + h[:, t-1] @ Wh + b)``, with `h0` in the place of ``h[:, -1]``

    Parameters
    ----------
    x : (N, T, D) array of float32 or float64
        N sequences of T inputs.
    h0 : (N, H) array, dtype of `x`
        Hidden state before the first input.
    Wx, Wh, b : (D, H), (H, H) and (H,) array, dtype of `x`
        As for `rnn_step_forward`.

    Returns
    -------
    h : (N, T, H) array, dtype of `x`
        The hidden state after each input. `h0` is not among them.
    cache : object
        For `rnn_backward`.

    Notes
    -----
    The second axis is time. The batch comes first, as in CS231n; many libraries put time first.

    References
    ----------
    .. [1] I. Goodfellow, Y. Bengio, A. Courville, "Deep Learning", 2016, sections 10.1 and 10.2.
    .. [2] Lecture note 004, slides 24-27.
    """
    N, T, _ = x.shape
    h = np.empty((N, T, h0.shape[1]), dtype=x.dtype)

    prev_h = h0
    steps = []
    for t in range(T):
        next_h, step = rnn_step_forward(x[:, t], prev_h, Wx, Wh, b)
        h[:, t] = next_h
        steps.append(step)
        prev_h = next_h
    return h, (x, h0, Wx, Wh, b, steps)


def rnn_backward(dh: Floats, cache: Cache) -> Gradients:
    """Send the gradients of all hidden states back through time.

    From the last step to the first: ``dnext_h = dh[:, t] + dprev_h``, with the ``dprev_h`` that step t + 1 sends back (0 for the last)

    Parameters
    ----------
    dh : (N, T, H) array of float32 or float64
        Upstream gradient of each hidden state: from what is computed from it at its own time step (a loss, a layer above), not from
        later states.
    cache : object
        From `rnn_forward`.

    Returns
    -------
    dx : (N, T, D) array
    dh0 : (N, H) array
    dWx : (D, H) array
    dWh : (H, H) array
    db : (H,) array
        All of the dtype of `dh`.

    Notes
    -----
    A hidden state has two consumers, its own output and the next step, and their gradients add up. The parameters have T uses, and
    the gradients of all of them add up. `dh` itself is not changed: ``dh[:, t] += dprev_h`` would.

    References
    ----------
    .. [1] P. Werbos, "Backpropagation through time: what it does and how to do it", Proc. IEEE 78, 1990.
    .. [2] I. Goodfellow, Y. Bengio, A. Courville, "Deep Learning", 2016, section 10.2.2.
    """
    x, h0, Wx, Wh, b, steps = cache
    dx = np.empty_like(x)
    dWx = np.zeros_like(Wx)
    dWh = np.zeros_like(Wh)
    db = np.zeros_like(b)
    dprev_h = np.zeros_like(h0)

    for t in reversed(range(len(steps))):
        dnext_h = dh[:, t] + dprev_h
        dx_t, dprev_h, dWx_t, dWh_t, db_t = rnn_step_backward(dnext_h, steps[t])
        dx[:, t] = dx_t
        dWx += dWx_t
        dWh += dWh_t
        db += db_t
    return dx, dprev_h, dWx, dWh, db


def unfold(step: Callable[[State, Input], State], s0: State, inputs: Sequence[Input]) -> list[State]:
    """Unfold a recurrence: apply one and the same function along a sequence of any length.

    ``s[0] = step(s0, inputs[0])``, then ``s[t] = step(s[t-1], inputs[t])``

    Parameters
    ----------
    step : callable
        ``step(state, x) -> state``, the next state; pure, with its parameters inside.
    s0 : number or array
        State before the first input.
    inputs : list of T numbers or arrays, T at least 1
        One input per time step.

    Returns
    -------
    list of T states
        The state after each input. `s0` is not among them.

    Notes
    -----
    This is what makes a network recurrent: neither the function nor its parameters depend on the length of the sequence.

    References
    ----------
    .. [1] I. Goodfellow, Y. Bengio, A. Courville, "Deep Learning", 2016, section 10.1, equations 10.1 to 10.7.
    .. [2] Lecture note 004, slides 25-27 (``s(3) = f(f(s(1); θ); θ)``).
    """
    states = []
    state = s0
    for x in inputs:
        state = step(state, x)
        states.append(state)
    return states
