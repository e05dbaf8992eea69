r"""The list of states is a default argument, which is made once: the states of earlier calls are still in it at the next call.

Right: (?i:default|mutable|(between|across|previous|earlier|last|next|second|former|preceding|other|all|repeated|each|every|first) calls?|call(ed)? (twice|again|a second|before|it twice)|(keep|kept|remember|left|persist|grow|still|shared|same list|longer)\w*|list of)
"""
import numpy as np


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    next_h = np.tanh(x @ Wx + prev_h @ Wh + b)
    return next_h, (x, prev_h, Wx, Wh, next_h)


def unfold(step, s0, inputs, states=[]):
    current = s0
    for inp in inputs:
        current = step(current, inp)
        states.append(current)
    return states


def rnn_forward(x, h0, Wx, Wh, b):
    prev, hs, cache = h0, [], []
    for t in range(x.shape[1]):
        prev, c = rnn_step_forward(x[:, t], prev, Wx, Wh, b)
        hs.append(prev)
        cache.append(c)
    return np.stack(hs, 1), cache
