r"""Parameters are updated with -= in the caller's own arrays, and each layer's weights move before the gradient is sent down through them, so the layers below get gradients through the new weights.

Right: (?i:in.?place|overwrit|modif|argument|caller|mutat|passed in|cop(y|ies)|new (arrays?|weights|values|W\b)|(alread|updat|moved|before|too early|old|\border|all gradients|stale|sequential)\w*)
"""
import numpy as np


def _sigmoid(z):
    z = np.clip(z, -60, 60)
    return 1.0 / (1.0 + np.exp(-z))


def fine_tune(x, y, layers, head, lr, steps):
    m = x.shape[0]
    W_out, b_out = head
    losses = []
    for step in range(steps):
        # forward, keep all the codes
        hs = [x]
        for W, b in layers:
            hs.append(_sigmoid(hs[-1] @ W + b))
        y_hat = hs[-1] @ W_out + b_out
        diff = y_hat - y
        losses.append(float(np.sum(diff ** 2) / m))

        # backward
        delta = 2 * diff / m
        W_out -= lr * (hs[-1].T @ delta)
        b_out -= lr * delta.sum(axis=0)
        delta = delta @ W_out.T
        for k in range(len(layers) - 1, -1, -1):
            W, b = layers[k]
            delta = delta * hs[k + 1] * (1 - hs[k + 1])
            W -= lr * (hs[k].T @ delta)
            b -= lr * delta.sum(axis=0)
            delta = delta @ W.T
    return list(layers), (W_out, b_out), losses
