r"""The penalty keeps the factor one half of the L2 penalty, and the gradient at weights of exactly 0 is -lam instead of 0 (a two-way where in place of the sign).

Right: (?i:half|1/2|0\.5|halv|factor (of )?(2|two)|twice|(at|for|of|where|when|with|is|are|exactly) (w ?==? ?)?(0|zero)\b|zero weight|sign)
"""
import numpy as np


def l2_penalty(w, lam):
    return 0.5 * lam * (w * w).sum(), lam * w


def l1_penalty(w, lam):
    g = np.where(w > 0, 1, -1).astype(w.dtype)
    return 0.5 * lam * (w * g).sum(), lam * g


def weight_decay_step(w, dw, lr, lam):
    return w - lr * (dw + lam * w)
