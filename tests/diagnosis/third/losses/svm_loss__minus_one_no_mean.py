r"""The right class gets the gradient -1 however many classes violate the margin, and the gradient is not divided by the number of examples, though the loss is.

Right: (?i)(right|correct|true) class.{0,60}(count|how many|number|once|-1|one|every|each|violat|margin)|how many|number of (violat|margin|class|wrong|positive|example)|(divid|averag)\w*.{0,40}(N\b|example|batch)|(not|missing|forgot\w*|without|lacks?).{0,30}(divid|mean|averag|1 ?/ ?N)|(sum|summed).{0,30}(instead|mean|averag)|factor N\b
"""
import numpy as np


def svm_loss(x, y):
    N = x.shape[0]
    correct_class_scores = x[np.arange(N), y]
    margins = np.maximum(0, x - correct_class_scores[:, np.newaxis] + 1.0)
    margins[np.arange(N), y] = 0
    loss = np.sum(margins) / N

    dx = np.zeros_like(x)
    dx[margins > 0] = 1
    violated = np.max(margins, axis=1) > 0
    dx[np.arange(N), y] -= violated
    return loss, dx


def softmax(x):
    m = np.max(x, axis=1, keepdims=True)
    unnorm = np.exp(x - m)
    Z = np.sum(unnorm, axis=1, keepdims=True)
    return unnorm / Z


def mse_loss(pred, target):
    N = pred.shape[0]
    residual = pred - target
    loss = (residual * residual).sum() / N
    dpred = residual * 2 / N
    return loss, dpred
