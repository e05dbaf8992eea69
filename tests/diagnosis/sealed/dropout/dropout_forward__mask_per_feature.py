r"""One mask is drawn for a single example and used for every row of the batch, so elements are not dropped independently.

Right: (?i)independen|same mask|one mask|(every|each|all|whole) (example|row|column|the examples|the rows)|shar(e|ed)|per (feature|column|unit)|columns?\b|broadcast|first axis|element.*own|whole (features|batch)
"""
import numpy as np


def dropout_forward(x, dropout_param):
    p, mode = dropout_param['p'], dropout_param['mode']
    if 'seed' in dropout_param:
        np.random.seed(dropout_param['seed'])

    mask = None
    if mode == 'train':
        # which neurons are on in this step?
        mask = (np.random.rand(*x.shape[1:]) < p) / p
        out = x * mask
    elif mode == 'test':
        out = x
    else:
        raise ValueError('mode must be train or test')

    out = out.astype(x.dtype, copy=False)
    return out, (dropout_param, mask)


def dropout_backward(dout, cache):
    dropout_param, mask = cache
    if dropout_param['mode'] == 'test':
        return dout
    return (dout * mask).astype(dout.dtype, copy=False)
