r"""The variance is the mean of x^2, without the square of the mean taken off: the mean of the row is subtracted in the numerator only.

Right: (?i)variance|\bvar\b|mean (of (the )?)?squares?|second moment|centr|center|standard deviation|x ?(\^|\*\*) ?2|root mean square|RMS
"""
import numpy as np


def layernorm_forward(x, gamma, beta, ln_param):
    eps = ln_param.get('eps', 1e-5)
    D = x.shape[1]

    # E[x] and E[x^2] of every row
    m1 = np.einsum('nd->n', x) / D
    m2 = np.einsum('nd,nd->n', x, x) / D

    std = np.sqrt(m2 + eps)[:, None]
    xhat = (x - m1[:, None]) / std
    out = xhat * gamma[None, :] + beta[None, :]
    return out, (xhat, std, gamma)


def batchnorm_forward(x, gamma, beta, bn_param):
    if bn_param['mode'] not in ['train', 'test']:
        raise ValueError('mode')
    eps = bn_param.get('eps', 1e-5)
    rho = bn_param.get('momentum', 0.9)
    bn_param.setdefault('running_mean', np.zeros(x.shape[1], x.dtype))
    bn_param.setdefault('running_var', np.zeros(x.shape[1], x.dtype))
    if bn_param['mode'] == 'train':
        m, v = x.mean(0), x.var(0)
        bn_param['running_mean'] = rho * bn_param['running_mean'] + (1 - rho) * m
        bn_param['running_var'] = rho * bn_param['running_var'] + (1 - rho) * v
    else:
        m, v = bn_param['running_mean'], bn_param['running_var']
    std = np.sqrt(v + eps)
    xhat = (x - m) / std
    return xhat * gamma + beta, (xhat, std, gamma)


def batchnorm_backward(dout, cache):
    xhat, std, gamma = cache
    db = dout.sum(0)
    dg = np.einsum('nd,nd->d', dout, xhat)
    return gamma / std * (dout - db / len(dout) - xhat * dg / len(dout)), dg, db


def identity_parameters(x, eps):
    return np.sqrt(x.var(0) + eps), x.mean(0)
