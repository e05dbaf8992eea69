import numpy as np


class Cell:
    """One time step; remembers what it has seen."""

    def __init__(self, Wx, Wh, b):
        self.Wx, self.Wh, self.b = Wx, Wh, b

    def __call__(self, x, h):
        self.x, self.h = x, h
        self.a = self.b + h.dot(self.Wh) + x.dot(self.Wx)
        return np.tanh(self.a)

    def back(self, dout):
        # the tanh is computed again from its argument
        da = dout - dout * np.tanh(self.a) ** 2
        return da.dot(self.Wx.T), da.dot(self.Wh.T), self.x.T.dot(da), self.h.T.dot(da), da.sum(0)


class Unrolled:
    """As many cells as there are time steps, which share their parameters."""

    def __init__(self, T, *params):
        self.cells = [Cell(*params) for _ in range(T)]

    def __call__(self, x, h):
        hs = []
        for cell, x_t in zip(self.cells, np.rollaxis(x, 1)):
            h = cell(x_t, h)
            hs.append(h[:, None, :])
        return np.concatenate(hs, 1)

    def back(self, dh):
        dxs, totals, dprev = [], [0, 0, 0], 0
        for t, cell in list(enumerate(self.cells))[::-1]:
            dx, dprev, *grads = cell.back(dh[:, t] + dprev)
            dxs.insert(0, dx)
            totals = [a + b for a, b in zip(totals, grads)]
        return (np.array(dxs).transpose(1, 0, 2), dprev, *totals)


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    cell = Cell(Wx, Wh, b)
    return cell(x, prev_h), cell


def rnn_step_backward(dnext_h, cache):
    return cache.back(dnext_h)


def rnn_forward(x, h0, Wx, Wh, b):
    net = Unrolled(x.shape[1], Wx, Wh, b)
    return net(x, h0), net


def rnn_backward(dh, cache):
    return cache.back(dh)


def unfold(step, s0, inputs):
    if not len(inputs):
        return []
    first = step(s0, inputs[0])
    return [first, *unfold(step, first, inputs[1:])]
