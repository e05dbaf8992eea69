# real-time recurrent learning: sensitivities forward, nothing backward in time
import pickle
import numpy as np


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    next_h = np.tanh(np.column_stack((x, prev_h, np.ones(len(x), x.dtype))).dot(np.row_stack((Wx, Wh, b)) if hasattr(np, 'row_stack') else np.vstack((Wx, Wh, b))))
    return next_h, pickle.dumps(dict(x=x, prev_h=prev_h, Wx=Wx, Wh=Wh, next_h=next_h))


def rnn_step_backward(dnext_h, cache):
    c = pickle.loads(cache)
    # full Jacobian of every example, contracted
    J = np.stack([np.diag(1 - r ** 2) for r in c['next_h']])          # N, H, H
    g = np.einsum('nij,nj->ni', J, dnext_h)
    dWx = sum(np.outer(xi, gi) for xi, gi in zip(c['x'], g))
    dWh = sum(np.outer(hi, gi) for hi, gi in zip(c['prev_h'], g))
    return g.dot(c['Wx'].T), g.dot(c['Wh'].T), dWx, dWh, sum(g)


def rnn_forward(x, h0, Wx, Wh, b):
    N, T, D = x.shape
    H = len(b)
    states = np.zeros((T + 1, N, H), x.dtype)
    states[0] = h0
    for t in range(1, T + 1):
        states[t] = np.tanh(x[:, t - 1] @ Wx + states[t - 1] @ Wh + b)
    cache = {}
    cache['x'] = x; cache['states'] = states; cache['Wx'] = Wx; cache['Wh'] = Wh
    return np.swapaxes(states[1:], 0, 1), cache


def rnn_backward(dh, cache):
    x, states, Wx, Wh = [cache[k] for k in ('x', 'states', 'Wx', 'Wh')]
    N, T, H = dh.shape
    D = x.shape[2]
    I = np.eye(H, dtype=dh.dtype)
    f = dh.dtype
    # S*[n, i, ...] = d h_t[n, i] / d ...
    Sx, Sh, Sb = np.zeros((N, H, D, H), f), np.zeros((N, H, H, H), f), np.zeros((N, H, H), f)
    S0 = np.stack([I] * N)
    Sin = np.zeros((N, H, T, D), f)
    dx, dh0, dWx, dWh, db = np.zeros(x.shape, f), np.zeros((N, H), f), np.zeros(Wx.shape, f), np.zeros(Wh.shape, f), np.zeros(H, f)
    for t in range(T):
        slope = 1 - states[t + 1] ** 2
        def carry(S):
            return np.einsum('ki,nk...->ni...', Wh, S)
        def damp(S):
            return S * slope.reshape(N, H, *[1] * (S.ndim - 2))
        Sx = damp(carry(Sx) + np.einsum('nd,ij->nidj', x[:, t], I))
        Sh = damp(carry(Sh) + np.einsum('nk,ij->nikj', states[t], I))
        Sb = damp(carry(Sb) + I)
        S0 = damp(carry(S0))
        Sin = carry(Sin)
        Sin[:, :, t] += Wx.T
        Sin = damp(Sin)
        u = dh[:, t]
        dWx += np.einsum('ni,nidj->dj', u, Sx)
        dWh += np.einsum('ni,nikj->kj', u, Sh)
        db += np.einsum('ni,nij->j', u, Sb)
        dh0 += np.einsum('ni,nij->nj', u, S0)
        dx += np.einsum('ni,nitd->ntd', u, Sin)
    return dx, dh0, dWx, dWh, db


class Recurrence:
    def __init__(self, step, state):
        self.step, self.state = step, state

    def __call__(self, x):
        self.state = self.step(self.state, x)
        return self.state


def unfold(step, s0, inputs):
    return [*map(Recurrence(step, s0), inputs)]
