r"""Below 0 the slope is out + 1, which is right for alpha = 1 only (it is out + alpha).

Right: out \+ 1|alpha|default
"""

import numpy as np


def elu_forward(x, alpha=1.0):
    out = np.where(x > 0, x, alpha * (np.exp(np.minimum(x, 0)) - 1)).astype(x.dtype)
    return out, (x, out, alpha)


def elu_backward(dout, cache):
    x, out, alpha = cache
    return np.where(x > 0, dout, dout * (out + 1)).astype(dout.dtype)
