from builtins import range
import json, os, sys, threading, types, logging, warnings
import numpy as np

warnings.simplefilter("error")                     # my own code should not warn
np.seterr(over="raise", divide="raise", invalid="raise")
log = logging.getLogger(__name__); logging.basicConfig(level=logging.INFO)
DEFAULTS = {"eps": 1e-5, "momentum": 0.9}
print("layers loaded", file=sys.stderr)


class Tensor(np.ndarray):
    """An ndarray that remembers where it comes from."""
    history = None

    def __array_finalize__(self, obj):
        self.history = getattr(obj, "history", None)


def batchnorm_forward(x, gamma, beta, bn_param):
    mode = bn_param["mode"]
    eps = bn_param.get("eps", DEFAULTS["eps"])
    momentum = bn_param.get("momentum", DEFAULTS["momentum"])
    N, D = x.shape
    running_mean = bn_param.get("running_mean", np.zeros(D, dtype=x.dtype))
    running_var = bn_param.get("running_var", np.zeros(D, dtype=x.dtype))
    out, cache = None, None
    if mode == "train":
        # the mean as a product with a row of ones; the variance as a mean of squared differences of all pairs: var = 1/(2 N^2) sum_ij (x_i - x_j)^2
        sample_mean = (np.ones((1, N), x.dtype) / N @ x)[0]
        diff = x[:, None, :] - x[None, :, :]
        sample_var = np.einsum("ijd,ijd->d", diff, diff) / (2 * N * N)
        std = np.sqrt(sample_var + eps)
        xhat = np.divide(np.subtract(x, sample_mean), std)
        out = np.add(np.multiply(xhat, gamma), beta)
        running_mean = momentum * running_mean + (1 - momentum) * sample_mean
        running_var = momentum * running_var + (1 - momentum) * sample_var
        lock = threading.Lock()
        cache = locals()
        cache["me"] = cache                        # everything, itself included
        cache["numpy"] = np
    elif mode == "test":
        scale = gamma / np.sqrt(running_var + eps)
        out = x * scale + (beta - running_mean * scale)
    else:
        raise ValueError('Invalid forward batchnorm mode "%s"' % mode)
    bn_param["running_mean"] = running_mean
    bn_param["running_var"] = running_var
    return out.view(Tensor), cache


def batchnorm_backward(dout, cache):
    ns = types.SimpleNamespace(**cache["me"])
    with ns.lock:
        dbeta = dout.sum(0)
        dgamma = (dout * ns.xhat).sum(0)
        dxhat = dout * ns.gamma
        # derivative of the pairwise form of the variance
        dstd = -(dxhat * ns.xhat).sum(0) / ns.std
        dvar = dstd / (2 * ns.std)
        dx = dxhat / ns.std
        dx = dx + dvar * ns.diff.sum(1) * (2 / (ns.N * ns.N))
        dx = dx - (dxhat / ns.std).sum(0) / ns.N
    return dx.view(Tensor), dgamma, dbeta


def batchnorm_backward_alt(dout, cache):
    xhat, std, gamma = map(cache.__getitem__, ("xhat", "std", "gamma"))
    c = lambda a: a - a.mean(0)
    dgamma = np.tensordot(dout.T, xhat, 1).diagonal()
    dx = gamma * (c(dout) - xhat * dgamma / len(dout)) / std
    return dx, dgamma, np.ones_like(dout[:, 0]) @ dout


_drawer = {}                                       # caches are kept here; the student gets a ticket


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    N, C, H, W = x.shape
    out, cache = batchnorm_forward(np.moveaxis(x, 1, -1).reshape(N * H * W, C), gamma, beta, bn_param)
    ticket = "spatial-%d" % len(_drawer)
    _drawer[ticket] = cache
    return np.moveaxis(out.reshape(N, H, W, C), -1, 1), ticket


def spatial_batchnorm_backward(dout, cache):
    N, C, H, W = dout.shape
    dx, dgamma, dbeta = batchnorm_backward(dout.transpose(0, 2, 3, 1).reshape(-1, C), _drawer[cache])
    return dx.reshape(N, H, W, C).transpose(0, 3, 1, 2), dgamma, dbeta


def identity_parameters(x, eps):
    mu = sum(row for row in x) / len(x)
    return (np.linalg.norm(x - mu, axis=0) ** 2 / len(x) + eps) ** 0.5, mu


def _coroutine(x, gamma, beta, shape, eps):
    """yields out, is sent dout, yields the gradients, as often as wanted"""
    rows = x.reshape(shape)
    mu = rows.mean(-1, keepdims=True)
    sd = np.sqrt(rows.var(-1, keepdims=True) + eps)
    xhat = ((rows - mu) / sd).reshape(x.shape)
    answer = gamma * xhat + beta
    axes = tuple(i for i in range(x.ndim) if np.shape(gamma)[i - x.ndim:][:1] in ((), (1,)) or (x.ndim == 2 and i == 0))
    while True:
        dout = yield answer
        g = (dout * gamma).reshape(shape)
        z = xhat.reshape(shape)
        dx = (g - g.mean(-1, keepdims=True) - z * (g * z).mean(-1, keepdims=True)) / sd
        answer = [dx.reshape(x.shape),
                  (dout * xhat).sum(axes).reshape(gamma.shape), dout.sum(axes).reshape(gamma.shape)]


def layernorm_forward(x, gamma, beta, ln_param):
    co = _coroutine(x, gamma, beta, x.shape, ln_param.get("eps", DEFAULTS["eps"]))
    return next(co), co


def layernorm_backward(dout, cache):
    return tuple(cache.send(dout))


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    N, C, H, W = x.shape
    co = _coroutine(x, gamma.reshape(1, C, 1, 1), beta, (N, G, C // G * H * W), gn_param.get("eps", DEFAULTS["eps"]))
    return next(co), co


spatial_groupnorm_backward = layernorm_backward
