# -*- coding: latin-1 -*-
# Dropout, le devoir de Zoé -- les unités sont éteintes au hasard
import numpy
import numpy as np
import numpy.random as npr

mask = None     # le dernier masque (pour les dessins)


class DropoutCache(object):
	def __init__(self, **kw):
		self.__dict__.update(kw)


def _check(mode):
	if mode not in ['train', 'test']:
		raise ValueError(mode)


def dropout_forward(x, dropout_param):
	global mask
	p, mode = dropout_param['p'], dropout_param['mode']
	if 'seed' in dropout_param:
		npr.seed(dropout_param['seed'])
	_check(mode)
	out = x.copy()
	if mode == 'train':
		mask = [npr.rand() for _ in range(x.size)]      # un tirage par unité
		flat = out.reshape(-1)                            # une vue de ma copie
		for i in range(x.size):
			if mask[i] >= p:
				flat[i] = 0
			else:
				flat[i] /= p
		out = flat.reshape(x.shape)
		return out, DropoutCache(mode=mode, u=list(mask), p=p)
	return out, DropoutCache(mode=mode)


def dropout_backward(dout, cache):
	if cache.mode == 'test':
		return dout
	dx = np.zeros_like(dout)
	for i, idx in enumerate(np.ndindex(*dout.shape)):
		if cache.u[i] < cache.p:
			dx[idx] = dout[idx] * (1. / cache.p)
	return dx


def dropout_forward_unscaled(x, dropout_param):
	p = dropout_param['p']
	if dropout_param['mode'] == 'train':
		dropped = npr.RandomState(dropout_param.get('seed')).uniform(0, 1, size=x.shape[::-1]).T > p
		out = numpy.array(x)
		out[dropped] = 0
	elif dropout_param['mode'] == 'test':
		out, dropped = x * p, None
	else:
		raise ValueError("mode doit être 'train' ou 'test'")
	return out, dropped


def ensemble_average(theta, x, p):
	# récursion: l'unité n est gardée (p) ou éteinte (1-p)
	if len(x) == 0:
		return 0.
	rest = ensemble_average(theta[1:], x[1:], p)
	return p * (theta[0] * x[0] + rest) + (1 - p) * rest
