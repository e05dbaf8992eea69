"""Everything on one pair of functions, with einsum, keepdims and dict caches."""
import numpy as np


def _normalize(x, axes, eps):
    count = 1
    for a in axes:
        count *= x.shape[a]
    mu = x.mean(axis=axes, keepdims=True)
    xc = x - mu
    var = (xc * xc).sum(axis=axes, keepdims=True) / count
    inv = 1.0 / np.sqrt(var + eps)
    return xc * inv, mu, var, inv


def _normalize_backward(dxhat, xhat, inv, axes):
    count = 1
    for a in axes:
        count *= dxhat.shape[a]
    s1 = dxhat.sum(axis=axes, keepdims=True)
    s2 = (dxhat * xhat).sum(axis=axes, keepdims=True)
    return inv / count * (count * dxhat - s1 - xhat * s2)


def batchnorm_forward(x, gamma, beta, bn_param):
    eps = bn_param.setdefault("eps", 1e-5)
    momentum = bn_param.setdefault("momentum", 0.9)
    D = x.shape[1]
    bn_param.setdefault("running_mean", np.zeros((D,), x.dtype))
    bn_param.setdefault("running_var", np.zeros((D,), x.dtype))

    if bn_param["mode"] == "test":
        scale = gamma / np.sqrt(bn_param["running_var"] + eps)
        shift = beta - bn_param["running_mean"] * scale
        return np.einsum("nd,d->nd", x, scale) + shift, {}
    if bn_param["mode"] != "train":
        raise ValueError(bn_param["mode"])

    xhat, mu, var, inv = _normalize(x, (0,), eps)
    bn_param["running_mean"] = momentum * bn_param["running_mean"] + (1 - momentum) * mu.reshape(D)
    bn_param["running_var"] = momentum * bn_param["running_var"] + (1 - momentum) * var.reshape(D)
    out = np.einsum("nd,d->nd", xhat, gamma) + beta
    return out, {"xhat": xhat, "inv": inv, "gamma": gamma}


def batchnorm_backward(dout, cache):
    dbeta = np.einsum("nd->d", dout)
    dgamma = np.einsum("nd,nd->d", dout, cache["xhat"])
    dx = _normalize_backward(np.einsum("nd,d->nd", dout, cache["gamma"]), cache["xhat"], cache["inv"], (0,))
    return dx, dgamma, dbeta


def batchnorm_backward_alt(dout, cache):
    xhat, N = cache["xhat"], dout.shape[0]
    dbeta = np.einsum("nd->d", dout)
    dgamma = np.einsum("nd,nd->d", dout, xhat)
    dx = cache["gamma"] * cache["inv"] * (dout - (dbeta + xhat * dgamma) / N)
    return dx, dgamma, dbeta


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    # no reshape: statistics straight over axes 0, 2, 3
    eps = bn_param.get("eps", 1e-5)
    momentum = bn_param.get("momentum", 0.9)
    C = x.shape[1]
    running_mean = bn_param.get("running_mean", np.zeros(C, dtype=x.dtype))
    running_var = bn_param.get("running_var", np.zeros(C, dtype=x.dtype))
    wide = (slice(None), None, None)

    if bn_param["mode"] == "train":
        xhat, mu, var, inv = _normalize(x, (0, 2, 3), eps)
        bn_param["running_mean"] = momentum * running_mean + (1 - momentum) * mu[0, :, 0, 0]
        bn_param["running_var"] = momentum * running_var + (1 - momentum) * var[0, :, 0, 0]
        cache = {"xhat": xhat, "inv": inv, "gamma": gamma}
    elif bn_param["mode"] == "test":
        xhat = (x - running_mean[wide]) / np.sqrt(running_var + eps)[wide]
        cache = None
    else:
        raise ValueError(bn_param["mode"])
    return gamma[wide] * xhat + beta[wide], cache


def spatial_batchnorm_backward(dout, cache):
    dbeta = np.einsum("nchw->c", dout)
    dgamma = np.einsum("nchw,nchw->c", dout, cache["xhat"])
    dxhat = np.einsum("nchw,c->nchw", dout, cache["gamma"])
    dx = _normalize_backward(dxhat, cache["xhat"], cache["inv"], (0, 2, 3))
    return dx, dgamma, dbeta


def identity_parameters(x, eps):
    _, mu, _, inv = _normalize(x, (0,), eps)
    return (1.0 / inv)[0], mu[0]


def layernorm_forward(x, gamma, beta, ln_param):
    xhat, _, _, inv = _normalize(x, (1,), ln_param.get("eps", 1e-5))
    return np.einsum("nd,d->nd", xhat, gamma) + beta, {"xhat": xhat, "inv": inv, "gamma": gamma}


def layernorm_backward(dout, cache):
    dx = _normalize_backward(dout * cache["gamma"], cache["xhat"], cache["inv"], (1,))
    return dx, np.einsum("nd,nd->d", dout, cache["xhat"]), np.einsum("nd->d", dout)


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    N = x.shape[0]
    grouped = x.reshape((N * G, -1))
    xhat, _, _, inv = _normalize(grouped, (1,), gn_param.get("eps", 1e-5))
    xhat4 = xhat.reshape(x.shape)
    return xhat4 * gamma + beta, {"xhat": xhat, "xhat4": xhat4, "inv": inv, "gamma": gamma}


def spatial_groupnorm_backward(dout, cache):
    xhat, xhat4 = cache["xhat"], cache["xhat4"]
    C = dout.shape[1]
    dgamma = np.einsum("nchw,nchw->c", dout, xhat4).reshape(1, C, 1, 1)
    dbeta = np.einsum("nchw->c", dout).reshape(1, C, 1, 1)
    dxhat = (dout * cache["gamma"]).reshape(xhat.shape)
    dx = _normalize_backward(dxhat, xhat, cache["inv"], (1,)).reshape(dout.shape)
    return dx, dgamma, dbeta
