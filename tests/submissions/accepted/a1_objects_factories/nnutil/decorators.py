from __future__ import annotations

import functools
from typing import Any, Callable

import numpy as np


def keeps_dtype(fn: Callable[..., Any]) -> Callable[..., Any]:
    """Compute in double precision, hand back every floating array in the dtype of the first argument."""

    def _up(a):
        return a.astype(np.float64) if isinstance(a, np.ndarray) and a.dtype.kind == "f" else a

    @functools.wraps(fn)
    def wrapper(first, *rest, **kw):
        dtype = first.dtype
        result = fn(_up(first), *map(_up, rest), **kw)

        def _down(a):
            if isinstance(a, (np.ndarray, np.floating)):
                return np.asarray(a).astype(dtype)
            return a

        if isinstance(result, tuple):
            return type(result)(map(_down, result)) if type(result) is tuple else type(result)(*map(_down, result))
        return _down(result)

    return wrapper


def one_of(*allowed):
    def check(value, what="mode"):
        if value not in allowed:
            raise ValueError(f"{what} must be one of {allowed}, not {value!r}")
        return value

    return check
