# functional: a cache is a function (or a number that finds one)
import numpy as np
from functools import reduce

_PULLBACKS = []          # caches are positions in this list


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    s = 1 / (1 + np.exp(-2 * np.clip(x @ Wx + prev_h @ Wh + b, -40, 40)))     # logistic of 2a
    h = (2 * s - 1).astype(x.dtype)

    def pullback(dh):
        da = 4 * dh * s * (1 - s)
        return da @ Wx.T, da @ Wh.T, x.T @ da, prev_h.T @ da, da.sum(axis=0)
    _PULLBACKS.append(pullback)
    return h, len(_PULLBACKS) - 1


def rnn_step_backward(dnext_h, cache):
    return _PULLBACKS[cache](dnext_h)


def rnn_forward(x, h0, Wx, Wh, b):
    zx = np.tensordot(x, Wx, 1) + b                   # all inputs at once

    def advance(hs, t):
        return hs + [np.tanh(zx[:, t] + hs[-1].dot(Wh))]
    hs = reduce(advance, range(x.shape[1]), [h0])
    h = np.array(hs[1:]).transpose(1, 0, 2)

    def back(dh):
        def one(state, t):
            g, das = state
            da = (dh[:, t] + g) * (1 - h[:, t] * h[:, t])
            return da.dot(Wh.T), [da] + das
        g, das = reduce(one, range(x.shape[1])[::-1], (np.zeros(h0.shape, dh.dtype), []))
        da = np.array(das)                            # T, N, H
        flat = da.reshape(-1, da.shape[-1])
        xs = x.transpose(1, 0, 2).reshape(-1, x.shape[-1])
        ps = np.array(hs[:-1]).reshape(-1, da.shape[-1])
        return np.dot(da, Wx.T).swapaxes(0, 1), g, xs.T.dot(flat), ps.T.dot(flat), flat.sum(0)
    return h, back


rnn_backward = lambda dh, cache: cache(dh)

unfold = lambda step, s0, inputs: reduce(lambda states, x: states + [step(states[-1], x)], inputs, [s0])[1:]
