import numpy as np


class Normalizer:
    """Normalizes the rows of a matrix; remembers what backward needs."""

    def __init__(self, eps=1e-5):
        self.eps = eps

    def forward(self, rows):
        self.mu = np.mean(rows, axis=1, keepdims=True)
        self.diff = rows - self.mu
        self.var = np.mean(np.square(self.diff), axis=1, keepdims=True)
        self.std = np.sqrt(self.var + self.eps)
        return self.diff / self.std

    def backward(self, dy):
        m = dy.shape[1]
        # quotient diff / std
        d_diff = dy / self.std
        d_std = np.sum(-dy * self.diff / self.std ** 2, axis=1, keepdims=True)
        # square root, then mean of squares
        d_var = 0.5 * d_std / self.std
        d_diff = d_diff + 2.0 / m * self.diff * d_var
        # subtraction of the mean
        return d_diff - np.mean(d_diff, axis=1, keepdims=True)


class Layer:
    """A view of the input as rows, a normalizer, and an affine part in the shape of the input."""

    def __init__(self, eps, gamma, beta, param_axes, to_rows, from_rows):
        self.norm = Normalizer(eps)
        self.gamma, self.beta = gamma, beta
        self.param_axes = param_axes
        self.to_rows, self.from_rows = to_rows, from_rows

    def forward(self, x):
        self.x_hat = self.from_rows(self.norm.forward(self.to_rows(x)))
        return self.gamma * self.x_hat + self.beta

    def backward(self, dout, keepdims=False):
        dgamma = np.sum(dout * self.x_hat, axis=self.param_axes, keepdims=keepdims)
        dbeta = np.sum(dout, axis=self.param_axes, keepdims=keepdims)
        dx = self.from_rows(self.norm.backward(self.to_rows(self.gamma * dout)))
        return dx, dgamma, dbeta


def _update(bn_param, name, new, momentum):
    old = bn_param.get(name)
    if old is None:
        old = np.zeros_like(new)
    bn_param[name] = new + momentum * (old - new)


def _check(mode):
    if mode not in ("train", "test"):
        raise ValueError("mode must be train or test")


def batchnorm_forward(x, gamma, beta, bn_param, verbose=False):
    _check(bn_param["mode"])
    eps = bn_param["eps"] if "eps" in bn_param else 1e-5
    if bn_param["mode"] == "test":
        rm = bn_param.get("running_mean", np.zeros_like(gamma))
        rv = bn_param.get("running_var", np.zeros_like(gamma))
        return (x - rm) * (gamma / np.sqrt(rv + eps)) + beta, None
    layer = Layer(eps, gamma, beta, 0, np.transpose, np.transpose)
    out = layer.forward(x)
    momentum = bn_param["momentum"] if "momentum" in bn_param else 0.9
    _update(bn_param, "running_mean", layer.norm.mu[:, 0], momentum)
    _update(bn_param, "running_var", layer.norm.var[:, 0], momentum)
    return out, layer


def batchnorm_backward(dout, cache):
    return cache.backward(dout)


def batchnorm_backward_alt(dout, cache):
    z, s = cache.x_hat, cache.norm.std[:, 0]
    centred = dout - dout.mean(0)
    dx = cache.gamma / s * (centred - z * (centred * z).mean(0))
    return [dx, (dout * z).sum(0), dout.sum(0)]


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    _check(bn_param["mode"])
    N, C, H, W = x.shape
    eps = bn_param.get("eps", 1e-5)
    g, b = gamma.reshape(1, C, 1, 1), beta.reshape(1, C, 1, 1)
    if bn_param["mode"] == "test":
        rm = bn_param["running_mean"].reshape(1, C, 1, 1)
        rv = bn_param["running_var"].reshape(1, C, 1, 1)
        return g * (x - rm) / np.sqrt(rv + eps) + b, None

    def to_rows(a):
        return a.swapaxes(0, 1).reshape(C, -1)

    def from_rows(a):
        return a.reshape(C, N, H, W).swapaxes(0, 1)

    layer = Layer(eps, g, b, (0, 2, 3), to_rows, from_rows)
    out = layer.forward(x)
    momentum = bn_param.get("momentum", 0.9)
    _update(bn_param, "running_mean", layer.norm.mu.ravel(), momentum)
    _update(bn_param, "running_var", layer.norm.var.ravel(), momentum)
    return out, layer


def spatial_batchnorm_backward(dout, cache):
    return cache.backward(dout)


def identity_parameters(x, eps):
    norm = Normalizer(eps)
    norm.forward(x.T)
    return norm.std.ravel(), norm.mu.ravel()


def layernorm_forward(x, gamma, beta, ln_param):
    layer = Layer(ln_param.get("eps", 1e-5), gamma, beta, 0, lambda a: a, lambda a: a)
    return layer.forward(x), layer


def layernorm_backward(dout, cache):
    return cache.backward(dout)


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    N = x.shape[0]
    layer = Layer(gn_param.get("eps", 1e-5), gamma, beta, (0, 2, 3),
                  lambda a: a.reshape(N * G, -1), lambda a: a.reshape(x.shape))
    return layer.forward(x), layer


def spatial_groupnorm_backward(dout, cache):
    return cache.backward(dout, keepdims=True)
