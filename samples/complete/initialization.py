"""Everything through one table of variances; globals() for the schemes; two-pass standard deviation; closed-form gradient."""
import numpy as np

VARIANCES = {
    "lecun": lambda i, o: 1.0 / i,
    "xavier": lambda i, o: 2.0 / (i + o),
    "he": lambda i, o: 2.0 / i,
}


def _normal(kind, i, o, rng):
    return rng.normal(loc=0, scale=VARIANCES[kind](i, o) ** 0.5, size=(i, o))


def _uniform(kind, i, o, rng):
    return (2 * rng.random((i, o)) - 1) * (3 * VARIANCES[kind](i, o)) ** 0.5


def zeros_init(n_in, n_out):
    return np.zeros(shape=(n_in, n_out), dtype="float64")


def scaled_normal_init(n_in, n_out, std=0.01, rng=None):
    return rng.normal(0, std, size=(n_in, n_out))


def lecun_normal(n_in, n_out, rng):
    return _normal("lecun", n_in, n_out, rng)


def xavier_normal(n_in, n_out, rng):
    return _normal("xavier", n_in, n_out, rng)


def xavier_uniform(n_in, n_out, rng):
    return _uniform("xavier", n_in, n_out, rng)


def he_normal(n_in, n_out, rng):
    return _normal("he", n_in, n_out, rng)


def he_uniform(n_in, n_out, rng):
    return _uniform("he", n_in, n_out, rng)


def relu_bias(n_out, value=0.01):
    return np.ones(n_out) * value


def initialize_network(layer_sizes, scheme, rng):
    known = ("zeros_init", "scaled_normal_init", "lecun_normal", "xavier_normal", "xavier_uniform", "he_normal", "he_uniform")
    if scheme not in known:
        raise ValueError(scheme)
    arguments = {"zeros_init": (), "scaled_normal_init": (0.01, rng)}.get(scheme, (rng,))
    pairs = [(layer_sizes[k], layer_sizes[k + 1]) for k in range(len(layer_sizes) - 1)]
    return [(globals()[scheme](i, o, *arguments), relu_bias(o, 0.0)) for i, o in pairs]


def activation_statistics(x, weights, activation):
    asymptotes = {"sigmoid": (0, 1), "tanh": (-1, 1), "relu": ()}[activation]
    functions = {
        "sigmoid": lambda s: 0.5 * (1 + np.tanh(s / 2)),
        "tanh": np.tanh,
        "relu": lambda s: s * (s > 0),
    }
    rows = []
    a = x
    for weight, bias in weights:
        a = functions[activation](np.dot(a, weight) + bias)
        mean = a.sum(dtype=np.float64) / a.size
        std = (((a - mean) ** 2).sum(dtype=np.float64) / a.size) ** 0.5
        near = sum(np.count_nonzero(np.abs(a - end) <= 1e-2) for end in asymptotes)
        rows.append({"mean": mean, "std": std, "saturated": near / a.size, "dead": 1 - np.mean(a.any(axis=0))})
    return rows


def symmetric_step(params, x, y, lr):
    def sigma(s):
        return 0.5 * (1 + np.tanh(s / 2))

    X = x[np.newaxis, :]
    H = sigma(X.dot(params["W1"]) + params["b1"])
    O = sigma(H.dot(params["W2"]) + params["b2"])
    D2 = 2 * (O - y) * (O - O * O)
    D1 = D2.dot(params["W2"].T) * (H - H * H)
    grads = {"W2": H.T.dot(D2), "b2": D2.sum(axis=0), "W1": X.T.dot(D1), "b1": D1.sum(axis=0)}
    return {key: params[key] - lr * grads[key] for key in params}
