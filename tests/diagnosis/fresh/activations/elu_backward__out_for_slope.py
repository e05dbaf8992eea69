r"""Below 0 the output stands for its derivative: alpha * (exp(x) - 1).

Right: out(?! \+ 1)|output|exp\(x\) - 1|minus
"""

import numpy as np


def elu_forward(x, alpha=1.0):
    out = np.where(x > 0, x, alpha * (np.exp(np.minimum(x, 0)) - 1)).astype(x.dtype)
    return out, (x, out, alpha)


def elu_backward(dout, cache):
    x, out, alpha = cache
    return np.where(x > 0, dout, dout * out).astype(dout.dtype)
