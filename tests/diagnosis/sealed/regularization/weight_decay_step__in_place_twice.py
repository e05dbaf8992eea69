r"""The gradient step is taken in place, so the argument w is modified, and the decay is then computed from the weights that have already moved instead of the old ones.

Right: (?i:in.?place|modif|overwrit|argument|mutat|alread\w* (moved|stepped|updated|changed)|(new|updated|moved|changed|stepped) (w\b|weights?|values?)|after (the )?(gradient|first|SGD|step|update|w\b)|(old|original|previous) (w\b|weights?|values?)|lr ?\*\*? ?(lr|2)|lr\^2|two steps|sequential|one after the other)
"""
import numpy as np


def l2_penalty(w, lam):
    """0.5 * lam * ||w||^2"""
    flat = w.ravel()
    penalty = 0.5 * lam * np.dot(flat, flat)
    grad = lam * w
    return penalty, grad


def l1_penalty(w, lam):
    """lam * |w|_1"""
    penalty = lam * np.abs(w).sum()
    grad = np.zeros_like(w)
    grad[w > 0] = lam
    grad[w < 0] = -lam
    return penalty, grad


def weight_decay_step(w, dw, lr, lam):
    """gradient step, then shrink"""
    # first the usual SGD step
    w -= lr * dw
    # now the decay, the learning rate scales it as well
    w -= lr * lam * w
    return w
