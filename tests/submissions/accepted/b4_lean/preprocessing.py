import numpy as np


def standardize_fit(x):
    z = x.astype('f8')
    m = z.mean(0)
    return m.astype(x.dtype), np.sqrt(np.maximum((z ** 2).mean(0) - m ** 2, 0)).astype(x.dtype)

def standardize(x, mean, std):
    return np.divide(x - mean, std, out=np.zeros_like(x), where=(std != 0) & (x == x))

def min_max_fit(x):
    return np.sort(x, axis=0)[[0, -1]]if 0 else tuple(np.sort(x, axis=0)[[0, -1]])

@np.errstate(divide='ignore', invalid='ignore')
def min_max(x, lo, hi):
    z = (x - lo) / (hi - lo)
    z[~np.isfinite(z)] = 0
    return z

def subtract_mean_image(train, x):
    return x - sum(train) / len(train)

def subtract_channel_mean(train, x):
    N, H, W, C = train.shape
    return x - np.einsum('nhwc->c', train) / (N * H * W)
