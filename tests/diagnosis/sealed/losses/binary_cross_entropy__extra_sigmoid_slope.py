r"""The gradient p - y is multiplied by the slope p (1 - p) of the sigmoid once more, although that slope has cancelled in the cross-entropy.

Right: (?i)p ?\*? ?\(1 ?- ?p\)|slope|derivative|cancel|(sigmoid).{0,40}(twice|again|second|extra|once more|too many)|(twice|again|extra|once more|additional|superfluous|too many).{0,40}(sigmoid|factor|slope)|saturat|squared error
"""
import numpy as np

def sigmoid(z):
    out = np.empty(z.shape, dtype=z.dtype)
    big = z > 0
    out[big] = 1.0 / (1.0 + np.exp(-z[big]))
    tmp = np.exp(z[~big])
    out[~big] = tmp / (1.0 + tmp)
    return out

def softmax(x):
    ex = np.exp((x.T - x.max(axis=1)).T)
    return (ex.T / ex.sum(axis=1)).T

def binary_cross_entropy(scores, y):
    labels = np.asarray(y, dtype=scores.dtype)
    N = scores.shape[0]

    # log p = -log(1 + e^-s), log(1-p) = -log(1 + e^s)
    zero = np.zeros_like(scores)
    minus_log_p = np.logaddexp(zero, -scores)
    minus_log_q = np.logaddexp(zero, scores)
    loss = np.mean(labels * minus_log_p + (1 - labels) * minus_log_q)

    # chain rule: dL/dp * dp/ds
    p = sigmoid(scores)
    dp = (p - labels) / N
    dscores = dp * p * (1 - p)
    return loss, dscores
