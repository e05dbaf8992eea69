import numpy as np


def batchnorm_forward(x, gamma, beta, bn_param):
    mode = bn_param['mode']
    eps = bn_param.get('eps', 1e-5)
    momentum = bn_param.get('momentum', 0.9)

    N, D = x.shape
    running_mean = bn_param.get('running_mean', np.zeros(D, dtype=x.dtype))
    running_var = bn_param.get('running_var', np.zeros(D, dtype=x.dtype))

    out, cache = None, None
    if mode == 'train':
        # step by step, as in the graph
        mu = 1. / N * np.sum(x, axis=0)
        xmu = x - mu
        sq = xmu ** 2
        var = 1. / N * np.sum(sq, axis=0)
        sqrtvar = np.sqrt(var + eps)
        ivar = 1. / sqrtvar
        xhat = xmu * ivar
        out = gamma * xhat + beta
        running_mean = momentum * running_mean + (1 - momentum) * mu
        running_var = momentum * running_var + (1 - momentum) * var
        cache = (x, mu, var, eps, gamma, beta, xhat)
    elif mode == 'test':
        out = (gamma / np.sqrt(running_var + eps)) * x + (beta - (gamma * running_mean) / np.sqrt(running_var + eps))
        cache = (running_mean, running_var)
    else:
        raise ValueError('Invalid forward batchnorm mode "%s"' % mode)

    bn_param['running_mean'] = running_mean
    bn_param['running_var'] = running_var
    return out, cache


def batchnorm_backward(dout, cache):
    x, mu, var, eps, gamma, _, _ = cache
    N = dout.shape[0]
    xmu = x - mu
    dxhat = dout * gamma
    dvar = np.sum(dxhat * xmu * -0.5 * (var + eps) ** (-1.5), axis=0)
    dmu = np.sum(-dxhat / np.sqrt(var + eps), axis=0) + dvar * np.mean(-2. * xmu, axis=0)
    dx = dxhat / np.sqrt(var + eps) + dvar * 2. * xmu / N + dmu / N
    dgamma = np.sum(xmu / np.sqrt(var + eps) * dout, axis=0)
    dbeta = np.sum(dout, axis=0)
    return dx, dgamma, dbeta


def batchnorm_backward_alt(dout, cache):
    x, mu, var, eps, gamma, _, xhat = cache
    N = dout.shape[0]
    dbeta, dgamma = np.sum(dout, axis=0), np.sum(dout * xhat, axis=0)
    dx = (1. / N) * gamma * (var + eps) ** (-1. / 2.) * (
        N * dout - np.sum(dout, axis=0) - (x - mu) * (var + eps) ** (-1.0) * np.sum(dout * (x - mu), axis=0))
    return dx, dgamma, dbeta


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    N, C, H, W = x.shape
    temp, cache = batchnorm_forward(np.rollaxis(x, 1, 4).reshape(-1, C), gamma, beta, bn_param)
    return np.rollaxis(temp.reshape(N, H, W, C), 3, 1), cache


def spatial_batchnorm_backward(dout, cache):
    N, C, H, W = dout.shape
    temp, dgamma, dbeta = batchnorm_backward_alt(np.rollaxis(dout, 1, 4).reshape(-1, C), cache)
    return np.rollaxis(temp.reshape(N, H, W, C), 3, 1), dgamma, dbeta


def identity_parameters(x, eps):
    bn_param = {'mode': 'train', 'momentum': 0.0, 'eps': eps}
    D = x.shape[1]
    batchnorm_forward(x, np.ones(D, x.dtype), np.zeros(D, x.dtype), bn_param)
    return np.sqrt(bn_param['running_var'] + eps), bn_param['running_mean']


def layernorm_forward(x, gamma, beta, ln_param):
    # the features are the examples of a batch norm of the transpose
    ones, zeros = np.ones(x.shape[0], x.dtype), np.zeros(x.shape[0], x.dtype)
    bn_param = dict(ln_param)
    bn_param['mode'] = 'train'
    xhat_T, cache = batchnorm_forward(x.T, ones, zeros, bn_param)
    return gamma * xhat_T.T + beta, (cache, gamma)


def layernorm_backward(dout, cache):
    bn_cache, gamma = cache
    xhat = bn_cache[-1].T
    dx_T, _, _ = batchnorm_backward((dout * gamma).T, bn_cache)
    return dx_T.T, (dout * xhat).sum(0), dout.sum(0)


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    N, C, H, W = x.shape
    ones, zeros = np.ones(x.size // (N * G), x.dtype), np.zeros(x.size // (N * G), x.dtype)
    out, cache = layernorm_forward(x.reshape(N * G, -1), ones, zeros, gn_param)
    out = out.reshape(N, C, H, W)
    return out * gamma + beta, (out, gamma, cache, G)


def spatial_groupnorm_backward(dout, cache):
    xhat, gamma, ln_cache, G = cache
    N, C, H, W = dout.shape
    dgamma = np.sum(dout * xhat, axis=(0, 2, 3))[None, :, None, None]
    dbeta = np.sum(dout, axis=(0, 2, 3))[None, :, None, None]
    dx, _, _ = layernorm_backward((dout * gamma).reshape(N * G, -1), ln_cache)
    return dx.reshape(N, C, H, W), dgamma, dbeta
