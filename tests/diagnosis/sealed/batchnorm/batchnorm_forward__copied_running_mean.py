r"""Two slips: the new running_var starts from running_mean (a copied line with one name not changed), and an unknown mode is treated as inference where a ValueError is due.

Right: (?i)running.?var|copi|copy|ValueError|unknown|invalid|(other|wrong|bad|any) mode|rais(e|ing)
"""
import numpy as np


def batchnorm_forward(x, gamma, beta, bn_param):
    eps = bn_param.get('eps', 1e-5)
    m = bn_param.get('momentum', 0.9)
    if 'running_mean' not in bn_param:
        bn_param['running_mean'] = np.zeros_like(x[0])
    if 'running_var' not in bn_param:
        bn_param['running_var'] = np.zeros_like(x[0])
    running_mean = bn_param['running_mean']
    running_var = bn_param['running_var']

    if bn_param['mode'] == 'train':
        mean = np.mean(x, axis=0)
        centred = x - mean
        var = np.mean(centred ** 2, axis=0)
        bn_param['running_mean'] = m * running_mean + (1 - m) * mean
        bn_param['running_var'] = m * running_mean + (1 - m) * var
    else:
        mean = running_mean
        var = running_var
        centred = x - mean

    inv = 1 / np.sqrt(var + eps)
    xhat = centred * inv
    out = xhat * gamma + beta
    return out, {'xhat': xhat, 'inv': inv, 'gamma': gamma, 'centred': centred}


def batchnorm_backward(dout, cache):
    xhat, inv, gamma, centred = (cache[k] for k in ('xhat', 'inv', 'gamma', 'centred'))
    N = dout.shape[0]
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * xhat, axis=0)
    dxhat = dout * gamma
    dinv = np.sum(dxhat * centred, axis=0)
    dvar = -0.5 * inv ** 3 * dinv
    dcentred = dxhat * inv + dvar * 2 * centred / N
    dx = dcentred - np.mean(dcentred, axis=0)
    return dx, dgamma, dbeta
