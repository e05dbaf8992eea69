r"""The parentheses around the sum are missing: 2 / n_in + n_out is computed instead of 2 / (n_in + n_out), so the weights are far too large.

Right: (?i)parenthes|bracket|precedence|order of operations|2(\.0)? ?/ ?n_in ?\+ ?n_out|(weights|variance|std|standard deviation|spread|scale).*(too (large|big|high)|grow)|too (large|big)|divi\w+ .*only by n_in
"""
import numpy as np

# ---- week 4: initialisation ----

def zeros_init(n_in, n_out):
    return np.zeros((n_in, n_out))

def scaled_normal_init(n_in, n_out, std, rng):
    return rng.normal(0.0, std, (n_in, n_out))

def lecun_normal(n_in, n_out, rng):
    return rng.normal(0.0, (1 / n_in) ** 0.5, (n_in, n_out))

def xavier_normal(n_in, n_out, rng):
    return rng.normal(0.0, (2 / n_in + n_out) ** 0.5, (n_in, n_out))

def he_normal(n_in, n_out, rng):
    return rng.normal(0.0, (2 / n_in) ** 0.5, (n_in, n_out))

def relu_bias(n_out, value=0.01):
    return np.full(n_out, float(value))
