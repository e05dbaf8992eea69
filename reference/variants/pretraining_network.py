"""An autoencoder is a network fine-tuned on its own input; all encoders are drawn first, and decoders start at zero."""

import numpy as np
import itertools


def _act(s):
    return np.exp(-np.logaddexp(0, -s)).astype(s.dtype)


def _forward(x, params):
    hs = [x]
    for W, b in params[:-1]:
        hs.append(_act(hs[-1] @ W + b))
    W, b = params[-1]
    return hs, hs[-1] @ W + b


def _gradients(x, y, params):
    hs, out = _forward(x, params)
    diff = out - y
    loss = np.mean(np.sum(np.square(diff), axis=1))
    ds = diff * (2.0 / x.shape[0])
    grads = []
    for k in range(len(params) - 1, -1, -1):
        grads.insert(0, (np.dot(hs[k].T, ds), np.add.reduce(ds)))
        if k:
            ds = (ds @ params[k][0].T) * (hs[k] - hs[k] ** 2)
    return loss, grads


def _descend(x, y, params, lr, steps):
    losses = []
    for _ in range(steps):
        loss, grads = _gradients(x, y, params)
        losses.append(loss.item())
        params = [(W - lr * gW, b - lr * gb) for (W, b), (gW, gb) in zip(params, grads)]
    return params, losses


def autoencoder_loss(x, W, b, W_dec, b_dec):
    loss, ((gW, gb), (gV, gc)) = _gradients(x, x, [(W, b), (W_dec, b_dec)])
    return loss, {"W": gW, "b": gb, "W_dec": gV, "b_dec": gc}


def _encoder(n_in, n_out, rng, dtype):
    return (rng.normal(0, 1 / np.sqrt(n_in), (n_in, n_out)).astype(dtype), rng.normal(0, 0.1, n_out).astype(dtype))


def _train(x, encoder, lr, steps):
    M, D = encoder[0].shape[1], x.shape[1]
    decoder = (np.zeros((M, D), x.dtype), np.zeros(D, x.dtype))
    (encoder, _), losses = _descend(x, x, [encoder, decoder], lr, steps)
    return encoder, losses


def train_autoencoder(x, n_hidden, lr, steps, rng):
    (W, b), losses = _train(x, _encoder(x.shape[1], n_hidden, rng, x.dtype), lr, steps)
    return W, b, losses


def greedy_pretrain(x, hidden_sizes, lr, steps, rng):
    sizes = [x.shape[1], *hidden_sizes]
    encoders = [_encoder(i, o, rng, x.dtype) for i, o in itertools.pairwise(sizes)]
    layers = []
    for encoder in encoders:
        encoder, _ = _train(x, encoder, lr, steps)
        layers.append(encoder)
        x = _act(x @ encoder[0] + encoder[1])
    return layers


def fine_tune(x, y, layers, head, lr, steps):
    params, losses = _descend(x, y, [*layers, head], lr, steps)
    return params[:-1], params[-1], losses
