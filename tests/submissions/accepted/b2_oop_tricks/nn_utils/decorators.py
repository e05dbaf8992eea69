import functools
import logging

import numpy as np

log = logging.getLogger(__name__)
calls = {}


def traced(fn):
    """Count calls."""
    @functools.wraps(fn)
    def inner(*args, **kwargs):
        calls[fn.__name__] = calls.get(fn.__name__, 0) + 1
        log.debug("call %d of %s", calls[fn.__name__], fn.__name__)
        return fn(*args, **kwargs)
    return inner


def keeps_dtype(fn):
    """Compute in float64, give back what came in."""
    @functools.wraps(fn)
    def inner(first, *args, **kwargs):
        kind = np.asarray(first).dtype
        up = [np.asarray(a, np.float64) if isinstance(a, np.ndarray) and a.dtype.kind == 'f' else a for a in (first, *args)]
        res = fn(*up, **kwargs)
        down = lambda r: r.astype(kind) if isinstance(r, np.ndarray) and r.dtype.kind == 'f' else r
        return tuple(map(down, res)) if isinstance(res, tuple) else down(res)
    return inner
