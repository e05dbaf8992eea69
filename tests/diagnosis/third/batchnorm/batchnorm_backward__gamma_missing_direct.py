r"""The direct path of x uses dout where the gradient of x_hat, dout * gamma, is due: gamma is missing in one of the three terms.

Right: (?i)gamma|direct (path|term)|first (path|term)|dx_?hat|dout instead|gradient of x_hat
"""
import numpy as np


def batchnorm_forward(x, gamma, beta, bn_param):
    mode, eps, mom = bn_param['mode'], bn_param.get('eps', 1e-5), bn_param.get('momentum', 0.9)
    zero = np.zeros(x.shape[1], dtype=x.dtype)
    r_mean, r_var = bn_param.get('running_mean', zero), bn_param.get('running_var', zero)

    if mode not in ('train', 'test'):
        raise ValueError('mode')
    if mode == 'test':
        return (x - r_mean) / np.sqrt(r_var + eps) * gamma + beta, None

    mean, var = x.mean(0), x.var(0)
    istd = (var + eps) ** -0.5
    xc = x - mean
    xh = xc * istd
    bn_param['running_mean'] = mom * r_mean + (1 - mom) * mean
    bn_param['running_var'] = mom * r_var + (1 - mom) * var
    return xh * gamma + beta, (xc, xh, istd, gamma)


def batchnorm_backward(dout, cache):
    xc, xh, istd, gamma = cache
    N, D = dout.shape

    dgamma = np.sum(dout * xh, 0)
    dbeta = np.sum(dout, 0)

    dxh = dout * gamma
    dvar = np.sum(dxh * xc, 0) * -0.5 * istd ** 3
    dmean = np.sum(dxh * -istd, 0) + dvar * np.mean(-2.0 * xc, 0)

    dx = dout * istd + dvar * 2.0 * xc / N + dmean / N
    return dx, dgamma, dbeta


def batchnorm_backward_alt(dout, cache):
    xc, xh, istd, gamma = cache
    N = len(dout)
    dgamma, dbeta = np.einsum('nd,nd->d', dout, xh), dout.sum(0)
    return gamma * istd / N * (N * dout - dbeta - xh * dgamma), dgamma, dbeta
