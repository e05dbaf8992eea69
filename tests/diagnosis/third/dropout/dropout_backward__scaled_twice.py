r"""The mask in the cache already holds the 1/p, and the backward pass divides by p once more (at inference too, where nothing is to be scaled).

Right: (?i)twice|again|once more|second time|two times|double|p ?(\^|\*\*) ?2|p squared|p ?\* ?p|already|too (large|big)|inference|test mode|scal\w*.*(test|inference)
"""
import numpy as np


def dropout_forward(x, dropout_param):
    p = dropout_param['p']
    mode = dropout_param['mode']
    if 'seed' in dropout_param:
        np.random.seed(dropout_param['seed'])
    if mode == 'train':
        mask = (np.random.rand(*x.shape) < p).astype(x.dtype) / p
    elif mode == 'test':
        mask = np.ones_like(x)
    else:
        raise ValueError("unknown mode " + repr(mode))
    cache = {'p': p, 'mask': mask}
    return x * mask, cache


def dropout_backward(dout, cache):
    mask = cache['mask']
    p = cache['p']
    dx = dout * mask / p
    return dx


def dropout_forward_unscaled(x, dropout_param):
    p = dropout_param['p']
    mode = dropout_param['mode']
    if 'seed' in dropout_param:
        np.random.seed(dropout_param['seed'])
    if mode == 'train':
        mask = (np.random.rand(*x.shape) < p).astype(x.dtype)
        return x * mask, mask
    if mode == 'test':
        return x * p, None
    raise ValueError("unknown mode " + repr(mode))
