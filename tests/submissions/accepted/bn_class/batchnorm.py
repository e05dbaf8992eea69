import numpy as np
from norm_core import Normaliser


class BatchNorm(object):
    def __init__(self, gamma, beta, axes, eps):
        self.gamma = gamma
        self.beta = beta
        self.norm = Normaliser(axes, eps)

    def forward(self, x):
        return self.gamma * self.norm.run(x) + self.beta

    def backward(self, dout, sum_axes, keep):
        dgamma = (dout * self.norm.hat).sum(sum_axes, keepdims=keep)
        dbeta = dout.sum(sum_axes, keepdims=keep)
        return self.norm.back(dout * self.gamma), dgamma, dbeta


def update(bn_param, key, value):
    m = bn_param.setdefault('momentum', 0.9)
    if key not in bn_param:
        bn_param[key] = np.zeros_like(value)
    bn_param[key] *= m
    bn_param[key] += (1 - m) * value


def batchnorm_forward(x, gamma, beta, bn_param):
    eps = bn_param.setdefault('eps', 1e-5)
    if bn_param['mode'] == 'train':
        layer = BatchNorm(gamma, beta, 0, eps)
        out = layer.forward(x)
        update(bn_param, 'running_mean', layer.norm.mean[0])
        update(bn_param, 'running_var', layer.norm.var[0])
        return out, layer
    if bn_param['mode'] == 'test':
        scale = gamma / np.sqrt(bn_param['running_var'] + eps)
        return x * scale + (beta - bn_param['running_mean'] * scale), None
    raise ValueError('bad mode')


def batchnorm_backward(dout, cache):
    return cache.backward(dout, 0, False)


batchnorm_backward_alt = batchnorm_backward


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    eps = bn_param.setdefault('eps', 1e-5)
    shape = (1, -1, 1, 1)
    if bn_param['mode'] == 'train':
        layer = BatchNorm(gamma.reshape(shape), beta.reshape(shape), (0, 2, 3), eps)
        out = layer.forward(x)
        update(bn_param, 'running_mean', layer.norm.mean.ravel())
        update(bn_param, 'running_var', layer.norm.var.ravel())
        return out, layer
    mean = bn_param['running_mean'].reshape(shape)
    var = bn_param['running_var'].reshape(shape)
    return gamma.reshape(shape) * (x - mean) / np.sqrt(var + eps) + beta.reshape(shape), None


def spatial_batchnorm_backward(dout, cache):
    dx, dgamma, dbeta = cache.backward(dout, (0, 2, 3), False)
    return [dx, dgamma, dbeta]


def layernorm_forward(x, gamma, beta, ln_param):
    layer = BatchNorm(gamma, beta, 1, ln_param.get('eps', 1e-5))
    return layer.forward(x), layer


def layernorm_backward(dout, cache):
    return cache.backward(dout, 0, False)


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    N, C, H, W = x.shape
    norm = Normaliser((2, 3, 4), gn_param.get('eps', 1e-5))
    hat = norm.run(x.reshape(N, G, C // G, H, W)).reshape(x.shape)
    return gamma * hat + beta, (norm, hat, gamma)


def spatial_groupnorm_backward(dout, cache):
    norm, hat, gamma = cache
    dgamma = np.einsum('nchw,nchw->c', dout, hat)[None, :, None, None]
    dbeta = np.einsum('nchw->c', dout)[None, :, None, None]
    d = (dout * gamma).reshape(norm.hat.shape)
    return norm.back(d).reshape(dout.shape), dgamma, dbeta


def identity_parameters(x, eps):
    norm = Normaliser(0, eps)
    norm.run(x)
    return 1 / norm.inv[0], norm.mean[0]
