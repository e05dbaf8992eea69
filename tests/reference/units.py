"""Units with their options, the same once more for autograd, and inputs, for the tests of the activation functions."""

import autograd.numpy as anp
import numpy as np
import pytest

# What each element-wise unit takes after x; "prelu" here is the one with a single slope.
ELEMENTWISE = {
    "sigmoid": [{}],
    "tanh": [{}],
    "relu": [{}],
    "leaky_relu": [{}, {"slope": 0.3}, {"slope": 2.5}, {"slope": -0.7}],
    "prelu": [{"alpha": 0.25}, {"alpha": 3.0}, {"alpha": -0.4}],
    "elu": [{}, {"alpha": 0.5}, {"alpha": 2.0}],
}
CASES = [pytest.param(unit, options, id=f"{unit}-{options}") for unit, several in ELEMENTWISE.items() for options in several]

# The same functions written once more for autograd, each by another route than the reference's: no branches.
ORACLES = {
    "sigmoid": lambda x: (anp.tanh(x / 2) + 1) / 2,
    "tanh": lambda x: anp.sinh(x) / anp.cosh(x),
    "relu": lambda x: (x + anp.abs(x)) / 2,
    "leaky_relu": lambda x, slope=0.01: (1 + slope) / 2 * x + (1 - slope) / 2 * anp.abs(x),
    "prelu": lambda x, alpha: (1 + alpha) / 2 * x + (1 - alpha) / 2 * anp.abs(x),
    "elu": lambda x, alpha=1.0: (x + anp.abs(x)) / 2 + alpha * (anp.exp((x - anp.abs(x)) / 2) - 1),
}


def draw(*shape, seed=0, dtype=np.float64):
    """Values of size 0.1 to 3, of either sign: none is at a kink."""
    rng = np.random.default_rng(seed)
    return (rng.uniform(0.1, 3, shape) * rng.choice([-1, 1], shape)).astype(dtype)


def draw_maxout(dtype=np.float64):
    return [draw(*shape, seed=seed, dtype=dtype) for seed, shape in enumerate([(6, 4), (4, 3), (3,), (4, 3), (3,)])]


def forward(module, unit, x, options):
    return getattr(module, f"{unit}_forward")(x, **options)


def backward(module, unit, dout, cache):
    """Give dx alone, also for the unit that returns dalpha as well."""
    gradients = getattr(module, f"{unit}_backward")(dout, cache)
    return gradients[0] if unit == "prelu" else gradients
