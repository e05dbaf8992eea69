r"""The penalty squares the sum of the weights instead of summing their squares (the exponent stands outside of np.sum); the gradient is right.

Right: (?i:square of (the|their|its) sum|squar\w+ (of )?the (total|sum)|sum\w* (is|are|was|were|gets?|being)?\s*(taken |done )?(before|first|then|and then)|(before|after) (the )?(squar|sum)\w+|sum of (the )?squares|exponent|\*\*\s*2|order of|parenthes|cancel)
"""
import numpy as np


# ---------- weight penalties ----------

def l2_penalty(w, lam):
    penalty = 0.5 * lam * np.sum(w) ** 2
    grad = lam * w
    return penalty, grad


def l1_penalty(w, lam):
    penalty = lam * np.sum(np.abs(w))
    grad = lam * np.sign(w)
    return penalty, grad


def weight_decay_step(w, dw, lr, lam):
    _, reg_grad = w, lam * w
    return w - lr * (dw + reg_grad)


# ---------- when to stop ----------

def early_stopping(val_losses, patience):
    best, best_epoch = np.inf, 0
    for epoch, loss in enumerate(val_losses):
        if loss < best:
            best, best_epoch = loss, epoch
        if epoch - best_epoch >= patience:
            return epoch, best_epoch
    return len(val_losses) - 1, best_epoch


# ---------- bagging ----------

def bootstrap_indices(n, k, rng):
    return rng.integers(0, n, size=(k, n))
