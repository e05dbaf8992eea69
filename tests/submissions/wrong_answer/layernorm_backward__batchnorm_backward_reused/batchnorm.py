import numpy as np


def _core(x, eps):
    mu = np.mean(x, 0)
    var = np.var(x, 0)
    return mu, var, (x - mu) / np.sqrt(var + eps)


def batchnorm_forward(x, gamma, beta, bn_param):
    mode, eps = bn_param['mode'], bn_param.get('eps', 1e-5)
    momentum = bn_param.get('momentum', 0.9)
    layernorm = bn_param.get('layernorm', 0)
    zeros = np.zeros(x.shape[1], dtype=x.dtype)
    running_mean = bn_param.get('running_mean', zeros)
    running_var = bn_param.get('running_var', zeros)
    cache = None
    if mode == 'train':
        mu, var, z = _core(x, eps)
        if layernorm:
            out = gamma * z.T + beta
        else:
            out = gamma * z + beta
            bn_param['running_mean'] = momentum * running_mean + (1 - momentum) * mu
            bn_param['running_var'] = momentum * running_var + (1 - momentum) * var
        cache = dict(x=x, mu=mu, var=var, z=z, eps=eps, gamma=gamma, ln=layernorm)
    elif mode == 'test':
        out = (x - running_mean) / np.sqrt(running_var + eps)
        out *= gamma
        out += beta
    return out, cache


def batchnorm_backward(dout, cache):
    z, gamma, ln = cache['z'], cache['gamma'], cache['ln']
    z_rows = z.T if ln else z
    dbeta = dout.sum(0)
    dgamma = (dout * z_rows).sum(0)
    if ln:
        dz = dout.T * gamma.mean()
    else:
        dz = dout * gamma
    N = dz.shape[0]
    s = np.sqrt(cache['var'] + cache['eps'])
    dvar = np.sum(dz * (cache['x'] - cache['mu']) * -0.5 * s ** -3, axis=0)
    dmu = np.sum(-dz / s, axis=0) + dvar * np.mean(-2 * (cache['x'] - cache['mu']), axis=0)
    dx = dz / s + dvar * 2 * (cache['x'] - cache['mu']) / N + dmu / N
    return dx.T if ln else dx, dgamma, dbeta


def batchnorm_backward_alt(dout, cache):
    z, gamma = cache['z'], cache['gamma']
    s = np.sqrt(cache['var'] + cache['eps'])
    dbeta, dgamma = dout.sum(0), np.einsum('ij,ij->j', dout, z)
    dx = gamma / s * (dout - dbeta / len(dout) - z * dgamma / len(dout))
    return dx, dgamma, dbeta


def layernorm_forward(x, gamma, beta, ln_param):
    param = dict(ln_param)
    param['mode'] = 'train'
    param['layernorm'] = 1
    return batchnorm_forward(x.T, gamma, beta, param)


def layernorm_backward(dout, cache):
    return batchnorm_backward(dout, cache)


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    n, c, h, w = x.shape
    x_t = np.transpose(x, (0, 2, 3, 1)).reshape(n * h * w, c)
    out, cache = batchnorm_forward(x_t, gamma, beta, bn_param)
    return np.transpose(out.reshape(n, h, w, c), (0, 3, 1, 2)), cache


def spatial_batchnorm_backward(dout, cache):
    n, c, h, w = dout.shape
    d = np.transpose(dout, (0, 2, 3, 1)).reshape(n * h * w, c)
    dx, dg, db = batchnorm_backward_alt(d, cache)
    return np.transpose(dx.reshape(n, h, w, c), (0, 3, 1, 2)), dg, db


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    n, c, h, w = x.shape
    eps = gn_param.get('eps', 1e-5)
    rows = x.reshape(n * G, -1).T
    mu, var, z = _core(rows, eps)
    z4 = z.T.reshape(n, c, h, w)
    return z4 * gamma + beta, (z4, z, var + eps, gamma, G)


def spatial_groupnorm_backward(dout, cache):
    z4, z, var_eps, gamma, G = cache
    n, c, h, w = dout.shape
    dgamma = np.sum(dout * z4, axis=(0, 2, 3))[np.newaxis, :, np.newaxis, np.newaxis]
    dbeta = np.sum(dout, axis=(0, 2, 3))[np.newaxis, :, np.newaxis, np.newaxis]
    d = (dout * gamma).reshape(n * G, -1).T
    m = d.shape[0]
    dx = (m * d - d.sum(0) - z * (d * z).sum(0)) / (m * np.sqrt(var_eps))
    return dx.T.reshape(dout.shape), dgamma, dbeta


def identity_parameters(x, eps):
    mu, var, _ = _core(x, eps)
    return np.sqrt(var + eps), mu
