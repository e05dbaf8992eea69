r"""out = x + alpha * min(x, 0): what is below 0 is not taken out of the first term.

Right: alpha.*1|1 \+ alpha|plus|added
"""

import numpy as np


def prelu_forward(x, alpha):
    a = np.asarray(alpha)
    shaped = a.reshape((1, -1) + (1,) * (x.ndim - 2)) if a.ndim else a
    return (x + shaped * np.minimum(x, 0)).astype(x.dtype), (x, a, shaped)
