"""The default learning rate is 1e-3.

Right: learning_rate|default
"""

import numpy as np


def sgd(w, dw, config=None):
    config = {'learning_rate': 1e-3, **(config or {})}
    return w - config['learning_rate'] * dw, config
