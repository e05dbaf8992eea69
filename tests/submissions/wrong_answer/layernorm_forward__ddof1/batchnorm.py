from __future__ import print_function
from builtins import range
import numpy as np
try:
    from past.builtins import xrange
except ImportError:
    xrange = range

print("batchnorm module loaded")


def batchnorm_forward(x, gamma, beta, bn_param):
    mode = bn_param['mode']
    eps = bn_param.get('eps', 1e-5)
    momentum = bn_param.get('momentum', 0.9)
    N, D = x.shape
    if 'running_mean' not in bn_param:
        bn_param['running_mean'] = np.zeros(D, x.dtype)
    if 'running_var' not in bn_param:
        bn_param['running_var'] = np.zeros(D, x.dtype)
    out = np.empty_like(x)
    cache = {}
    if mode == 'train':
        xhat = np.empty_like(x)
        inv = np.empty(D, x.dtype)
        mus = np.empty(D, x.dtype)
        vs = np.empty(D, x.dtype)
        for j in xrange(D):
            m = 0.0
            for i in xrange(N):
                m += x[i, j]
            m /= N
            v = 0.0
            for i in xrange(N):
                v += (x[i, j] - m) ** 2
            v /= N
            mus[j] = m
            vs[j] = v
            inv[j] = 1.0 / np.sqrt(v + eps)
            for i in xrange(N):
                xhat[i, j] = (x[i, j] - m) * inv[j]
                out[i, j] = gamma[j] * xhat[i, j] + beta[j]
        bn_param['running_mean'] = momentum * bn_param['running_mean'] + (1 - momentum) * mus
        bn_param['running_var'] = momentum * bn_param['running_var'] + (1 - momentum) * vs
        cache = {'xhat': xhat, 'inv': inv, 'gamma': gamma}
    else:
        for j in xrange(D):
            s = np.sqrt(bn_param['running_var'][j] + eps)
            out[:, j] = gamma[j] * (x[:, j] - bn_param['running_mean'][j]) / s + beta[j]
    print('mode:', mode, 'shape', x.shape)
    return out, cache


def batchnorm_backward(dout, cache):
    xhat, inv, gamma = cache['xhat'], cache['inv'], cache['gamma']
    N, D = dout.shape
    dx = np.zeros_like(dout)
    dgamma = np.zeros_like(gamma)
    dbeta = np.zeros_like(gamma)
    for j in range(D):
        for i in range(N):
            dbeta[j] += dout[i, j]
            dgamma[j] += dout[i, j] * xhat[i, j]
        for i in range(N):
            dx[i, j] = gamma[j] * inv[j] * (dout[i, j] - dbeta[j] / N - xhat[i, j] * dgamma[j] / N)
    return dx, dgamma, dbeta


def batchnorm_backward_alt(dout, cache):
    dx, dgamma, dbeta = batchnorm_backward(dout, cache)
    return dx, dgamma, dbeta


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    N, C, H, W = x.shape
    rows = []
    for n in range(N):
        for h in range(H):
            for w in range(W):
                rows.append(x[n, :, h, w])
    flat, cache = batchnorm_forward(np.array(rows), gamma, beta, bn_param)
    out = np.empty_like(x)
    k = 0
    for n in range(N):
        for h in range(H):
            for w in range(W):
                out[n, :, h, w] = flat[k]
                k += 1
    return out, cache


def spatial_batchnorm_backward(dout, cache):
    N, C, H, W = dout.shape
    flat = np.moveaxis(dout, 1, -1).reshape(-1, C)
    dflat, dgamma, dbeta = batchnorm_backward(flat, cache)
    return np.moveaxis(dflat.reshape(N, H, W, C), -1, 1), dgamma, dbeta


def identity_parameters(x, eps):
    N, D = x.shape
    gamma = np.zeros(D, x.dtype)
    beta = np.zeros(D, x.dtype)
    for j in range(D):
        beta[j] = x[:, j].mean()
        gamma[j] = np.sqrt(((x[:, j] - beta[j]) ** 2).mean() + eps)
    return gamma, beta


def layernorm_forward(x, gamma, beta, ln_param):
    eps = ln_param['eps'] if 'eps' in ln_param else 1e-5
    out = np.zeros_like(x)
    cache = []
    for i in range(x.shape[0]):
        m = x[i].mean()
        s = np.sqrt(x[i].var(ddof=1) + eps)
        h = (x[i] - m) / s
        out[i] = gamma * h + beta
        cache.append((h, s))
    return out, (cache, gamma)


def layernorm_backward(dout, cache):
    rows, gamma = cache
    dx = np.zeros_like(dout)
    dgamma = np.zeros_like(gamma)
    dbeta = np.zeros_like(gamma)
    for i, (h, s) in enumerate(rows):
        dgamma += dout[i] * h
        dbeta += dout[i]
        d = dout[i] * gamma
        dx[i] = (d - d.mean() - h * (d * h).mean()) / s
    return dx, dgamma, dbeta


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    eps = gn_param.get('eps', 1e-5)
    N, C, H, W = x.shape
    size = C // G
    xhat = np.zeros_like(x)
    stds = np.zeros((N, G), x.dtype)
    for n in range(N):
        for g in range(G):
            block = x[n, g * size:(g + 1) * size]
            stds[n, g] = np.sqrt(block.var() + eps)
            xhat[n, g * size:(g + 1) * size] = (block - block.mean()) / stds[n, g]
    return gamma * xhat + beta, dict(G=G, xhat=xhat, stds=stds, gamma=gamma)


def spatial_groupnorm_backward(dout, cache):
    G, xhat, stds, gamma = cache['G'], cache['xhat'], cache['stds'], cache['gamma']
    N, C, H, W = dout.shape
    size = C // G
    d = dout * gamma
    dx = np.zeros_like(dout)
    for n in range(N):
        for g in range(G):
            sl = slice(g * size, (g + 1) * size)
            a, h = d[n, sl], xhat[n, sl]
            dx[n, sl] = (a - a.mean() - h * (a * h).mean()) / stds[n, g]
    dgamma = np.zeros_like(gamma)
    dbeta = np.zeros_like(gamma)
    for c in range(C):
        dgamma[0, c, 0, 0] = np.sum(dout[:, c] * xhat[:, c])
        dbeta[0, c, 0, 0] = np.sum(dout[:, c])
    return dx, dgamma, dbeta
