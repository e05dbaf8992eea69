#!/usr/bin/env python
# coding: utf-8

# # Assignment 2 - Batch Normalization
# *exported from my notebook*

# In[1]:

from __future__ import print_function, division
from numpy import *
import time
import sys
if sys.version_info[0] >= 3: xrange = range
set_printoptions(precision=3, suppress=True)
DEBUG = False
_timings = {}          # how long every call took, for the report

# In[2]:

# first try, does not handle test mode yet!!
def batchnorm_forward(x, gamma, beta, bn_param):
    mu = x.mean(0)
    return gamma * (x - mean) / x.std(0) + beta, None

# In[3]:

def welford(column):
    """mean and biased variance of a list of numbers, in one go"""
    n = 0; mu = 0.0; M2 = 0.0
    for value in column:
        n += 1
        delta = value - mu
        mu += delta / n
        M2 += delta * (value - mu)
    return mu, M2 / n

# In[4]:

# second try
def batchnorm_forward(x, gamma, beta, bn_param):
    t0 = time.time()
    mode = bn_param['mode']
    eps = bn_param.get('eps', 1e-5)
    momentum = bn_param.get('momentum', 0.9)
    N, D = x.shape
    try:
        rmean, rvar = bn_param['running_mean'], bn_param['running_var']
    except KeyError:
        rmean = bn_param.setdefault('running_mean', zeros(D))
        rvar = bn_param.setdefault('running_var', zeros(D))

    out = empty_like(x)
    if mode == 'train':
        xhat = empty((N, D))
        sigma = empty(D)
        for j in xrange(D):
            mu_j, var_j = welford([float(v) for v in x[:, j]])
            sigma[j] = sqrt(var_j + eps)
            for i in xrange(N):
                xhat[i, j] = (x[i, j] - mu_j) / sigma[j]
                out[i, j] = gamma[j] * xhat[i, j] + beta[j]
            rmean[j] = momentum * rmean[j] + (1 - momentum) * mu_j
            rvar[j] = momentum * rvar[j] + (1 - momentum) * var_j
        cache = (('xhat', xhat), ('sigma', sigma), (('gamma', array(gamma)), (N, D)))
    elif mode == 'test':
        for j in xrange(D):
            out[:, j] = gamma[j] * (x[:, j] - rmean[j]) / sqrt(rvar[j] + eps) + beta[j]
        cache = None
    else:
        raise ValueError('Invalid forward batchnorm mode "%s"' % mode)
    _timings['forward'] = time.time() - t0
    return [out, cache]

# In[5]:

def batchnorm_backward(dout, cache):
    (_, xhat), (_, sigma), ((_, gamma), (N, D)) = cache
    dx = zeros_like(dout); dgamma = zeros_like(dout[0]); dbeta = zeros_like(dout[0])
    for j in xrange(D):
        # the whole Jacobian of one column
        J = (eye(N) - 1.0 / N - outer(xhat[:, j], xhat[:, j]) / N) / sigma[j]
        dx[:, j] = J.T.dot(float(gamma[j]) * dout[:, j])
        dgamma[j] = inner(dout[:, j], xhat[:, j])
        dbeta[j] = dot(ones(N), dout[:, j])
    return [dx, dgamma, dbeta]

def batchnorm_backward_alt(dout, cache):
    xhat = cache[0][1]; sigma = cache[1][1]; gamma = cache[2][0][1]; N = cache[2][1][0]
    dgamma = einsum('nd,nd->d', dout, xhat); dbeta = einsum('nd->d', dout)
    dx = gamma / N / sigma * (N * dout - dbeta - xhat * dgamma)
    return dx.astype(dout.dtype), dgamma.astype(dout.dtype), dbeta

# In[6]:

def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    N, C, H, W = x.shape
    flat = concatenate([x[n].reshape(C, H * W) for n in xrange(N)], axis=1).T
    out, cache = batchnorm_forward(flat, gamma, beta, bn_param)
    return rollaxis(out.reshape(N, H, W, C), 3, 1), cache

def spatial_batchnorm_backward(dout, cache):
    N, C, H, W = dout.shape
    dx, dgamma, dbeta = batchnorm_backward_alt(rollaxis(dout, 1, 4).reshape(-1, C), cache)
    return dx.reshape(N, H, W, C).swapaxes(2, 3).swapaxes(1, 2), dgamma, dbeta

# In[7]:

def identity_parameters(x, eps):
    C = atleast_2d(cov(x, rowvar=False, bias=True))
    return sqrt(diag(C) + eps).astype(x.dtype), average(x, axis=0)

# In[8]:

def layernorm_forward(x, gamma, beta, ln_param):
    # transposed, it is a batch norm without scale
    ones_, zeros_ = ones(len(x)), zeros(len(x))
    xhatT, cache = batchnorm_forward(x.T, ones_, zeros_, dict(mode='train', eps=ln_param.get('eps', 1e-5)))
    xhat = xhatT.T
    return xhat * gamma + beta, (xhat, gamma, cache)

def layernorm_backward(dout, cache):
    xhat, gamma, inner_cache = cache
    dxT, _, _ = batchnorm_backward_alt((dout * gamma).T, inner_cache)
    return dxT.T, sum(dout * xhat, axis=0), sum(dout, axis=0)

# In[9]:

def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    N, C, H, W = x.shape
    rows = x.reshape(N * G, -1)
    xhat, cache = layernorm_forward(rows, 1, 0, gn_param)
    xhat = xhat.reshape(x.shape)
    return gamma * xhat + beta, dict(G=G, xhat=xhat, gamma=gamma, rows=cache)

def spatial_groupnorm_backward(dout, cache):
    globals().update(last_groups=cache['G'])
    N, C, H, W = dout.shape
    drows, _, _ = layernorm_backward((dout * cache['gamma']).reshape(N * last_groups, -1), cache['rows'])
    dgamma = (dout * cache['xhat']).sum(axis=0).sum(axis=1).sum(axis=1)[None, :, None, None]
    dbeta = apply_over_axes(sum, dout, [0, 2, 3])
    return drows.reshape(N, C, H, W), dgamma, dbeta

# In[10]:

# sanity check
random.seed(231)
a = 10 * random.randn(4, 3) + 5
print('before:', a.mean(axis=0))
print('after:', batchnorm_forward(a, ones(3), zeros(3), {'mode': 'train'})[0].mean(axis=0))
assert allclose(layernorm_forward(array([[1., 3.]]), array([1., 2.]), array([0., 10.]), {'eps': .44})[0], [[-.83333333, 11.66666667]])

if __name__ == "__main__":
    import matplotlib.pyplot as plt
    plt.hist(a.ravel()); plt.show()
