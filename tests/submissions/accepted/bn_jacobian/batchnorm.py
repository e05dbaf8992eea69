import numpy as np
from numpy import *


def batchnorm_forward(x, gamma, beta, bn_param):
    eps = bn_param.get('eps', 1e-5)
    momentum = bn_param.get('momentum', 0.9)
    N, D = shape(x)
    if bn_param['mode'] == 'train':
        one = ones((1, N), dtype=x.dtype)
        mu = dot(one, x) / N
        v = dot(one, (x - mu) ** 2) / N
        xn = (x - mu) / sqrt(v + eps)
        rm = bn_param.get('running_mean')
        rv = bn_param.get('running_var')
        if rm is None:
            rm = zeros(D, dtype=x.dtype)
        if rv is None:
            rv = zeros(D, dtype=x.dtype)
        bn_param.update(running_mean=momentum * rm + (1 - momentum) * squeeze(mu, 0), running_var=momentum * rv + (1 - momentum) * squeeze(v, 0))
        return xn * gamma + beta, [x, xn, mu, v, gamma, eps]
    xn = (x - bn_param['running_mean']) / sqrt(bn_param['running_var'] + eps)
    return xn * gamma + beta, []


def batchnorm_backward(dout, cache):
    x, xn, mu, v, gamma, eps = cache
    N, D = dout.shape
    dx = empty_like(dout)
    eye_ = eye(N, dtype=dout.dtype)
    for d in range(D):
        h = xn[:, d:d + 1]
        J = (eye_ - 1.0 / N - dot(h, h.T) / N) / sqrt(v[0, d] + eps)
        dx[:, d] = J.T.dot(gamma[d] * dout[:, d])
    return dx, diag(dot(dout.T, xn)), dot(ones(N, dtype=dout.dtype), dout)


def batchnorm_backward_alt(dout, cache):
    x, xn, mu, v, gamma, eps = cache
    centred = dout - dout.mean(0)
    dgamma = (dout * xn).sum(0)
    return gamma * (v[0] + eps) ** -.5 * (centred - xn * dgamma / dout.shape[0]), dgamma, dout.sum(0)


def identity_parameters(x, eps):
    beta = np.average(x, axis=0)
    gamma = np.sqrt(np.average(np.square(x - beta), axis=0) + eps)
    return gamma, beta
