"""Computational graph, one node per line."""
import numpy as np


def batchnorm_forward(x, gamma, beta, bn_param):
    mode = bn_param['mode']
    eps = bn_param.get('eps', 1e-5)
    momentum = bn_param.get('momentum', 0.9)
    N, D = x.shape
    running_mean = bn_param.get('running_mean', np.zeros(D, dtype=x.dtype))
    running_var = bn_param.get('running_var', np.zeros(D, dtype=x.dtype))

    if mode == 'train':
        # step 1: mean
        mu = 1. / N * np.sum(x, axis=0)
        # step 2: subtract
        xmu = x - mu
        # step 3: square
        sq = xmu ** 2
        # step 4: variance
        var = 1. / N * np.sum(sq, axis=0)
        # step 5: add eps and root
        sqrtvar = np.sqrt(var + eps)
        # step 6: invert
        ivar = 1. / sqrtvar
        # step 7: normalise
        xhat = xmu * ivar
        # step 8: scale
        gammax = gamma * xhat
        # step 9: shift
        out = gammax + beta
        cache = (xhat, gamma, xmu, ivar, sqrtvar, var, eps, gammax, sq)
        bn_param['running_mean'] = momentum * running_mean + (1 - momentum) * mu
        bn_param['running_var'] = momentum * running_var + (1 - momentum) * var
    elif mode == 'test':
        cache = None
        xhat = (x - running_mean) / np.sqrt(running_var + eps)
        out = gamma * xhat + beta
    return out, cache


def batchnorm_backward(dout, cache):
    xhat, gamma, xmu, ivar, sqrtvar, var, eps, gammax, sq = cache
    N, D = dout.shape
    # 9
    dbeta = np.sum(dout, axis=0)
    dgammax = dout
    # 8
    dgamma = np.sum(dgammax * xhat, axis=0)
    dxhat = dgammax * gamma
    # 7
    divar = np.sum(dxhat * xmu, axis=0)
    dxmu1 = dxhat * ivar
    # 6
    dsqrtvar = -1. / (sqrtvar ** 2) * divar
    # 5
    dvar = 0.5 * 1. / np.sqrt(var + eps) * dsqrtvar
    # 4
    dsq = 1. / N * np.ones((N, D), dtype=dout.dtype) * dvar
    # 3
    dxmu2 = 2 * xmu * dsq
    # 2
    dx1 = dxmu1 + dxmu2
    dmu = -1 * np.sum(dxmu1 + dxmu2, axis=0)
    # 1
    dx2 = 1. / N * np.ones((N, D), dtype=dout.dtype) * dmu
    # 0
    dx = dx1 + dx2
    return dx, dgamma, dbeta


def batchnorm_backward_alt(dout, cache):
    xhat, gamma, xmu, ivar, sqrtvar, var, eps, gammax, sq = cache
    N = dout.shape[0]
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * xhat, axis=0)
    dxhat = dout * gamma
    dx = (1. / N) * (N * dxhat - np.sum(dxhat, axis=0) - xhat * np.sum(dxhat * xhat, axis=0))
    return dx, dgamma, dbeta


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    eps = bn_param.get('eps', 1e-5)
    momentum = bn_param.get('momentum', 0.9)
    N, C, H, W = x.shape
    rm = bn_param.get('running_mean', np.zeros(C, dtype=x.dtype))
    rv = bn_param.get('running_var', np.zeros(C, dtype=x.dtype))
    g = gamma.reshape(1, C, 1, 1)
    b = beta.reshape(1, C, 1, 1)
    if bn_param['mode'] == 'train':
        mu = np.mean(x, axis=(0, 2, 3))
        xc = x - mu[None, :, None, None]
        var = np.mean(xc * xc, axis=(0, 2, 3))
        inv = 1 / np.sqrt(var + eps)
        xhat = xc * inv[None, :, None, None]
        out = g * xhat + b
        bn_param['running_mean'] = rm * momentum + mu * (1 - momentum)
        bn_param['running_var'] = rv * momentum + var * (1 - momentum)
        return out, (xhat, gamma, inv)
    xhat = (x - rm[None, :, None, None]) / np.sqrt(rv[None, :, None, None] + eps)
    return g * xhat + b, None


def spatial_batchnorm_backward(dout, cache):
    xhat, gamma, inv = cache
    N, C, H, W = dout.shape
    m = N * H * W
    dbeta = dout.sum(axis=(0, 2, 3))
    dgamma = np.sum(dout * xhat, axis=(0, 2, 3))
    s = (gamma * inv).reshape(1, C, 1, 1)
    dx = s * (dout - dbeta.reshape(1, C, 1, 1) / m - xhat * dgamma.reshape(1, C, 1, 1) / m)
    return dx, dgamma, dbeta


def identity_parameters(x, eps):
    gamma = np.sqrt(np.var(x, axis=0) + eps)
    beta = np.mean(x, axis=0)
    return gamma, beta


def layernorm_forward(x, gamma, beta, ln_param):
    eps = ln_param.get('eps', 1e-5)
    D = x.shape[1]
    mu = np.sum(x, axis=1) / D
    xmu = x - mu[:, np.newaxis]
    var = np.sum(xmu ** 2, axis=1) / D
    ivar = 1 / np.sqrt(var + eps)
    xhat = xmu * ivar[:, np.newaxis]
    out = gamma * xhat + beta
    return out, (xhat, xmu, ivar, gamma)


def layernorm_backward(dout, cache):
    xhat, xmu, ivar, gamma = cache
    N, D = dout.shape
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * xhat, axis=0)
    dxhat = dout * gamma
    divar = np.sum(dxhat * xmu, axis=1)
    dvar = -0.5 * divar * ivar ** 3
    dxmu = dxhat * ivar[:, None] + 2. / D * xmu * dvar[:, None]
    dmu = -np.sum(dxmu, axis=1)
    dx = dxmu + dmu[:, None] / D
    return dx, dgamma, dbeta


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    eps = gn_param.get('eps', 1e-5)
    N, C, H, W = x.shape
    x5 = np.reshape(x, (N, G, C // G, H, W))
    mu = np.mean(x5, axis=(2, 3, 4), keepdims=True)
    var = np.var(x5, axis=(2, 3, 4), keepdims=True)
    ivar = 1. / np.sqrt(var + eps)
    xhat = np.reshape((x5 - mu) * ivar, (N, C, H, W))
    return xhat * gamma + beta, (xhat, ivar, gamma, G)


def spatial_groupnorm_backward(dout, cache):
    xhat, ivar, gamma, G = cache
    N, C, H, W = dout.shape
    dbeta = np.sum(dout, axis=(0, 2, 3), keepdims=True)
    dgamma = np.sum(dout * xhat, axis=(0, 2, 3), keepdims=True)
    dxhat = (dout * gamma).reshape(N, G, C // G, H, W)
    xh = xhat.reshape(N, G, C // G, H, W)
    ax = (2, 3, 4)
    dx = ivar * (dxhat - np.mean(dxhat, axis=ax, keepdims=True) - xh * np.mean(dxhat * xh, axis=ax, keepdims=True))
    return dx.reshape(N, C, H, W), dgamma, dbeta
