"""The cube, its slope, and where cubes lie."""

import numpy as np


def run(part, functions, data):
    x = np.linspace(-1, 1, 5)
    if part == "curve":
        out, _cache = functions.cube_forward(x)
        return {"x": x, "out": np.asarray(out)}
    if part == "slope":
        _out, cache = functions.cube_forward(x, scale=2.0)
        return {"x": x, "dx": np.asarray(functions.cube_backward(np.ones(5), cache))}
    edges = np.linspace(-1, 1, 5)
    draws = np.random.default_rng(3).uniform(-1, 1, (2, 50))
    shares = [np.histogram(functions.cube_forward(row)[0], edges)[0] / 50 for row in draws]
    return {"edges": edges, "share": np.array(shares)}
