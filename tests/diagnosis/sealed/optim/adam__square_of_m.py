r"""The second moment averages the square of the new m and not the square of the gradient dw.

Right: (?i)square of (the )?(running|m\b|momentum|first|mean|average)|m ?(\*\*|\^) ?2|m ?\* ?m|(v|second moment).*(of m\b|from m\b|uses? m\b|m in place|instead of (the square of )?(the )?(dw|gradient))|dw ?(\^|\*\*) ?2|square of (the )?(gradient|dw)|squared? (m\b|mean|gradient|running)|instead of dw
"""
import numpy as np

ADAM = dict(learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, t=0)


def adam(w, dw, config=None):
    cfg = {**ADAM, 'm': np.zeros_like(w), 'v': np.zeros_like(w), **(config or {})}
    b1 = cfg['beta1']; b2 = cfg['beta2']
    cfg['t'] = cfg['t'] + 1
    cfg['m'] = b1 * cfg['m'] + (1 - b1) * dw
    cfg['v'] = b2 * cfg['v'] + (1 - b2) * cfg['m'] ** 2
    m_corr = cfg['m'] / (1 - b1 ** cfg['t'])
    v_corr = cfg['v'] / (1 - b2 ** cfg['t'])
    step = cfg['learning_rate'] * m_corr / (np.sqrt(v_corr) + cfg['epsilon'])
    return w - step, cfg


def rmsprop(w, dw, config=None):
    cfg = {'learning_rate': 1e-2, 'decay_rate': 0.99, 'epsilon': 1e-8, 'cache': np.zeros_like(w), **(config or {})}
    r = cfg['decay_rate']
    cfg['cache'] = r * cfg['cache'] + (1 - r) * dw ** 2
    return w - cfg['learning_rate'] * dw / (np.sqrt(cfg['cache']) + cfg['epsilon']), cfg
