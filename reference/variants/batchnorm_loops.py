from builtins import range  # noqa: A004  (CS231n's own files begin so)
from math import sqrt

import numpy as np


def _stats(values):
    n = len(values)
    m = sum(values) / n
    v = sum((a - m) ** 2 for a in values) / n
    return m, v


def batchnorm_forward(x, gamma, beta, bn_param):
    mode = bn_param['mode']
    eps = bn_param.get('eps', 1e-5)
    momentum = bn_param.get('momentum', 0.9)
    N, D = x.shape
    running_mean = bn_param.get('running_mean', np.zeros(D, dtype=x.dtype))
    running_var = bn_param.get('running_var', np.zeros(D, dtype=x.dtype))

    out = np.zeros_like(x)
    xhat = np.zeros_like(x)
    stds = []
    if mode == 'train':
        new_mean = np.zeros_like(running_mean)
        new_var = np.zeros_like(running_var)
        for d in range(D):
            m, v = _stats([float(a) for a in x[:, d]])
            s = sqrt(v + eps)
            stds.append(s)
            for n in range(N):
                xhat[n, d] = (float(x[n, d]) - m) / s
                out[n, d] = gamma[d] * xhat[n, d] + beta[d]
            new_mean[d] = momentum * running_mean[d] + (1 - momentum) * m
            new_var[d] = momentum * running_var[d] + (1 - momentum) * v
        bn_param['running_mean'] = new_mean
        bn_param['running_var'] = new_var
    elif mode == 'test':
        for d in range(D):
            s = sqrt(float(running_var[d]) + eps)
            stds.append(s)
            for n in range(N):
                xhat[n, d] = (float(x[n, d]) - float(running_mean[d])) / s
                out[n, d] = gamma[d] * xhat[n, d] + beta[d]
    else:
        raise ValueError('Invalid forward batchnorm mode "%s"' % mode)
    return out, (xhat, stds, gamma)


def batchnorm_backward(dout, cache):
    xhat, stds, gamma = cache
    N, D = dout.shape
    dx = np.zeros_like(dout)
    dgamma = np.zeros_like(gamma)
    dbeta = np.zeros_like(gamma)
    for d in range(D):
        sum_dout = 0.0
        sum_dout_xhat = 0.0
        for n in range(N):
            sum_dout += float(dout[n, d])
            sum_dout_xhat += float(dout[n, d]) * float(xhat[n, d])
        dbeta[d] = sum_dout
        dgamma[d] = sum_dout_xhat
        for n in range(N):
            inner = float(dout[n, d]) - sum_dout / N - float(xhat[n, d]) * sum_dout_xhat / N
            dx[n, d] = float(gamma[d]) * inner / stds[d]
    return dx, dgamma, dbeta


def batchnorm_backward_alt(dout, cache):
    # the loop above is the simplified formula already
    return batchnorm_backward(dout, cache)


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    N, C, H, W = x.shape
    flat = np.zeros((N * H * W, C), dtype=x.dtype)
    for c in range(C):
        flat[:, c] = x[:, c, :, :].flatten()
    y, cache = batchnorm_forward(flat, gamma, beta, bn_param)
    out = np.zeros_like(x)
    for c in range(C):
        out[:, c, :, :] = y[:, c].reshape(N, H, W)
    return out, cache


def spatial_batchnorm_backward(dout, cache):
    N, C, H, W = dout.shape
    flat = np.zeros((N * H * W, C), dtype=dout.dtype)
    for c in range(C):
        flat[:, c] = dout[:, c, :, :].flatten()
    dflat, dgamma, dbeta = batchnorm_backward(flat, cache)
    dx = np.zeros_like(dout)
    for c in range(C):
        dx[:, c, :, :] = dflat[:, c].reshape(N, H, W)
    return dx, dgamma, dbeta


def identity_parameters(x, eps):
    D = x.shape[1]
    gamma = np.zeros(D, dtype=x.dtype)
    beta = np.zeros(D, dtype=x.dtype)
    for d in range(D):
        m, v = _stats([float(a) for a in x[:, d]])
        gamma[d] = sqrt(v + eps)
        beta[d] = m
    return gamma, beta


def layernorm_forward(x, gamma, beta, ln_param):
    eps = ln_param.get('eps', 1e-5)
    N, D = x.shape
    out = np.zeros_like(x)
    xhat = np.zeros_like(x)
    stds = []
    for n in range(N):
        m, v = _stats([float(a) for a in x[n]])
        s = sqrt(v + eps)
        stds.append(s)
        for d in range(D):
            xhat[n, d] = (float(x[n, d]) - m) / s
            out[n, d] = gamma[d] * xhat[n, d] + beta[d]
    return out, (xhat, stds, gamma)


def layernorm_backward(dout, cache):
    xhat, stds, gamma = cache
    N, D = dout.shape
    dx = np.zeros_like(dout)
    dgamma = np.zeros_like(gamma)
    dbeta = np.zeros_like(gamma)
    for n in range(N):
        g = [float(dout[n, d]) * float(gamma[d]) for d in range(D)]
        a = sum(g) / D
        b = sum(g[d] * float(xhat[n, d]) for d in range(D)) / D
        for d in range(D):
            dx[n, d] = (g[d] - a - float(xhat[n, d]) * b) / stds[n]
            dgamma[d] += dout[n, d] * xhat[n, d]
            dbeta[d] += dout[n, d]
    return dx, dgamma, dbeta


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    eps = gn_param.get('eps', 1e-5)
    N, C = x.shape[:2]
    size = C // G
    xhat = np.zeros_like(x)
    stds = np.zeros((N, G))
    for n in range(N):
        for g in range(G):
            block = x[n, g * size:(g + 1) * size]
            m, v = _stats(block.astype(float).flatten())
            stds[n, g] = sqrt(v + eps)
            xhat[n, g * size:(g + 1) * size] = (block - m) / stds[n, g]
    out = np.zeros_like(x)
    for c in range(C):
        out[:, c] = gamma[0, c, 0, 0] * xhat[:, c] + beta[0, c, 0, 0]
    return out, (xhat, stds, gamma, G)


def spatial_groupnorm_backward(dout, cache):
    xhat, stds, gamma, G = cache
    N, C = dout.shape[:2]
    size = C // G
    dgamma = np.zeros_like(gamma)
    dbeta = np.zeros_like(gamma)
    for c in range(C):
        dgamma[0, c, 0, 0] = np.sum(dout[:, c] * xhat[:, c])
        dbeta[0, c, 0, 0] = np.sum(dout[:, c])
    dx = np.zeros_like(dout)
    for n in range(N):
        for g in range(G):
            chans = list(range(g * size, (g + 1) * size))
            dxhat = np.array([dout[n, c] * gamma[0, c, 0, 0] for c in chans])
            xh = np.array([xhat[n, c] for c in chans])
            m = dxhat.size
            for i, c in enumerate(chans):
                dx[n, c] = (dxhat[i] - dxhat.sum() / m - xh[i] * (dxhat * xh).sum() / m) / stds[n, g]
    return dx, dgamma, dbeta
