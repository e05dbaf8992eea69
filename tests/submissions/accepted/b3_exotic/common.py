import os, sys
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import numpy as np
np.seterr(all='ignore')
rs = np.random.RandomState(0)
SQRT = {}


class Stub(Exception):
    pass


def factory(fwd, slope):
    """Make forward and backward from a function and its derivative (both of the input)."""
    def forward(x, **options):
        return fwd(x, **options).astype(x.dtype), (lambda dout: (dout * slope(x, **options)).astype(dout.dtype))

    def backward(dout, cache):
        return cache(dout)
    return forward, backward
