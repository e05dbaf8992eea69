"""Small things that several of my modules need."""
from .decorators import keeps_dtype, one_of
from .stable import logistic

__all__ = ["keeps_dtype", "one_of", "logistic"]
