"""The sequence without the step functions: all pre-activation gradients first, then each parameter gradient in one contraction."""

import numpy as np
from itertools import accumulate


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    # one product with both inputs side by side
    both = np.concatenate([x, prev_h], axis=1)
    W = np.concatenate([Wx, Wh], axis=0)
    out = np.tanh(np.einsum("nk,kh->nh", both, W) + b[None, :])
    return out, {"both": both, "W": W, "out": out, "D": x.shape[1]}


def rnn_step_backward(dnext_h, cache):
    D = cache["D"]
    dz = dnext_h * (1.0 + cache["out"]) * (1.0 - cache["out"])
    dboth = np.einsum("nh,kh->nk", dz, cache["W"])
    dW = np.einsum("nk,nh->kh", cache["both"], dz)
    return dboth[:, :D], dboth[:, D:], dW[:D], dW[D:], np.einsum("nh->h", dz)


def rnn_forward(x, h0, Wx, Wh, b):
    # what the inputs contribute does not depend on the state: one product for all time steps
    from_x = np.einsum("ntd,dh->nth", x, Wx) + b
    states = list(accumulate(np.moveaxis(from_x, 1, 0), lambda h, a: np.tanh(a + np.einsum("nh,hk->nk", h, Wh)), initial=h0))
    h = np.stack(states[1:], axis=1)
    before = np.stack(states[:-1], axis=1)
    return h, (x, h, before, Wx, Wh)


def rnn_backward(dh, cache):
    x, h, before, Wx, Wh = cache
    slope = 1 - h**2
    da = np.empty_like(dh)
    back = np.zeros_like(dh[:, 0])
    for t in range(dh.shape[1] - 1, -1, -1):
        da[:, t] = (dh[:, t] + back) * slope[:, t]
        back = np.einsum("nk,hk->nh", da[:, t], Wh)
    dx = np.einsum("nth,dh->ntd", da, Wx)
    dWx = np.einsum("ntd,nth->dh", x, da)
    dWh = np.einsum("nth,ntk->hk", before, da)
    return dx, back, dWx, dWh, da.sum(axis=(0, 1))


def unfold(step, s0, inputs):
    return list(accumulate(inputs, step, initial=s0))[1:]
