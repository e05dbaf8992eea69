r"""The last hidden state is kept in a module-level variable, and the next call with the same shape goes on from there instead of from its h0.

Right: (?i:(between|across|previous|earlier|last|next|second|other|former|preceding|prior|repeated) calls?|call(ed)? (it )?(twice|again|a second|before)|global|module|(kept|keeps|remember|carr|left over|stor|persist|state ?ful)\w*|h0)
"""
import numpy as np

_memory = {'h': None}      # a recurrent network remembers


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    next_h = np.tanh(x @ Wx + prev_h @ Wh + b)
    return next_h, (x, prev_h, Wx, Wh, next_h)


def rnn_step_backward(dnext_h, cache):
    x, prev_h, Wx, Wh, next_h = cache
    dpre = dnext_h * (1.0 - np.square(next_h))
    return (dpre @ Wx.T, dpre @ Wh.T, x.T @ dpre, prev_h.T @ dpre, np.sum(dpre, axis=0))


def rnn_forward(x, h0, Wx, Wh, b):
    N, T, D = x.shape
    state = _memory['h']
    if state is None or state.shape != h0.shape or state.dtype != h0.dtype:
        state = h0
    states, caches = [], []
    for t in range(T):
        state, c = rnn_step_forward(x[:, t], state, Wx, Wh, b)
        states.append(state)
        caches.append(c)
    _memory['h'] = state
    return np.stack(states, axis=1), caches
