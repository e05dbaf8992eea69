"""Return a view with strides that lead out of its memory.

ends: runtime_error
works in: naive
seen as: dies
"""


def cube_backward(dout, cache):
    return np.lib.stride_tricks.as_strided(np.zeros(1), shape=dout.shape, strides=(1 << 44, 8))
