r"""The gradient of the encoder's bias b leaves out the derivative of the sigmoid: it sums the gradient of the codes instead of that of their pre-activations.

Right: (?i:sigmoid|deriv|h ?\* ?\(1 ?- ?h\)|h ?\(1 ?- ?h\)|pre.?activation|\bd?b\b(?!_)|(encoder|hidden|code)\S* bias|bias of the (encoder|hidden|code))
"""
import numpy as np


def _sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


def autoencoder_loss(x, W, b, W_dec, b_dec):
    m = x.shape[0]
    # forward
    h = _sigmoid(x @ W + b)
    x_hat = h @ W_dec + b_dec
    r = x_hat - x
    loss = np.sum(r * r) / m

    # backward
    dx_hat = 2 * r / m
    dW_dec = h.T @ dx_hat
    db_dec = np.sum(dx_hat, axis=0)
    dh = dx_hat @ W_dec.T
    dW = x.T @ (dh * h * (1 - h))
    db = np.sum(dh, axis=0)

    return loss, {'W': dW, 'b': db, 'W_dec': dW_dec, 'b_dec': db_dec}
