r"""The statistics are taken after the activation, but the next layer is fed the sums before it, so from the second layer on the network is linear in between.

Right: (?i)next layer|before the activation|pre.?activation|passed on|pass(es)? on|\blinear|second layer|deeper|later layers|previous layer|h_\{?k|sums?\b.*(fed|input|layer)|without (the )?activation|not (activated|applied)
"""
import numpy as np

TOL = 1e-2


def _sigma(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0 / (1.0 + e), e / (1.0 + e))


def activation_statistics(x, weights, activation):
    if activation not in ('sigmoid', 'tanh', 'relu'):
        raise ValueError(f'unknown activation: {activation}')

    statistics = []
    current = x
    for W, b in weights:
        current = current @ W + b

        if activation == 'sigmoid':
            act = _sigma(current)
            sat = np.mean((act < TOL) | (act > 1 - TOL))
        elif activation == 'tanh':
            act = np.tanh(current)
            sat = np.mean(np.abs(act) > 1 - TOL)
        else:
            act = np.maximum(current, 0)
            sat = 0.0

        statistics.append({
            'mean': float(np.mean(act)),
            'std': float(np.std(act)),
            'saturated': float(sat),
            'dead': float(np.mean(np.all(act == 0, axis=0))),
        })
    return statistics
