from .numerics import softplus, logistic
from .decorators import keeps_dtype, traced
__all__ = ["softplus", "logistic", "keeps_dtype", "traced"]
