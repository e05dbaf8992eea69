# preprocessing, homework 1 (tabs, because my editor likes them)
import numpy as np


def standardize_fit(x):
	N, D = x.shape
	mean = np.zeros(D, dtype=x.dtype)
	std = np.zeros(D, dtype=x.dtype)
	for j in range(D):
		total = 0.0
		for i in range(N):
			total += float(x[i, j])
		mu = total / N
		ss = 0.0
		for i in range(N):
			ss += (float(x[i, j]) - mu) ** 2
		mean[j] = mu
		std[j] = (ss / N) ** .5
	return mean, std


def standardize(x, mean, std):
	z = np.zeros_like(x)
	for j in range(x.shape[1]):
		if std[j] == 0:
			continue
		for i in range(x.shape[0]):
			z[i, j] = (x[i, j] - mean[j]) / std[j]
	return z


def min_max_fit(x):
	lo, hi = [], []
	for col in x.T:
		col = sorted(col)
		lo.append(col[0])
		hi.append(col[-1])
	return np.array(lo), np.array(hi)


def min_max(x, lo, hi):
	z = x.copy()
	for j in range(x.shape[1]):
		span = hi[j] - lo[j]
		z[:, j] -= lo[j]
		if span > 0: z[:, j] /= span
		else: z[:, j] = 0
	return z


def subtract_mean_image(train, x):
	mean_image = np.zeros(train.shape[1:], dtype=np.float64)
	for img in train:
		mean_image += img
	mean_image /= train.shape[0]
	out = np.zeros(x.shape, x.dtype)
	for i in range(x.shape[0]):
		out[i] = x[i] - mean_image
	return out


def subtract_channel_mean(train, x):
	out = x.copy()
	N, H, W, C = train.shape
	for c in range(C):
		s = 0.0
		for n in range(N):
			for r in range(H):
				for q in range(W):
					s += float(train[n, r, q, c])
		out[:, :, :, c] -= s / (N * H * W)
	return out
