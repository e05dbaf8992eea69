from typing import Any, Dict, Optional, Tuple, Union
import numpy as np

np.random.seed(0)


class Dropout:
    """A layer in the style of the frameworks."""

    def __init__(self, p: float = 0.5, seed: Optional[int] = None):
        self.p = p
        self.training = True
        if seed is not None:
            np.random.seed(seed)

    def train(self, flag: bool = True):
        self.training = flag
        return self

    def eval(self):
        return self.train(False)

    def __call__(self, x):
        if self.training:
            self.mask = self._mask(x.size).reshape(x.shape)
            return np.true_divide(x * self.mask.astype(x.dtype), self.p).astype(x.dtype)
        self.mask = None
        return x

    def _mask(self, n):
        """Bernoulli trials by the gaps between the kept ones, which are geometric."""
        mask = np.zeros(n, dtype=np.int8)
        i = np.random.geometric(self.p) - 1
        while i < n:
            mask[i] = 1
            i += np.random.geometric(self.p)
        return mask

    def backward(self, dout):
        if self.mask is None:
            return dout
        return dout * self.mask.astype(dout.dtype) / self.p


class UnscaledDropout(Dropout):
    def __call__(self, x):
        if not self.training:
            return (x * self.p)
        keep = np.random.choice([True, False], size=x.shape, p=[self.p, 1 - self.p])
        return np.ma.masked_array(x, mask=~keep).filled(0)


def _layer(cls, dropout_param: Dict[str, Any]):
    layer = cls(dropout_param["p"], dropout_param.get("seed"))
    match dropout_param["mode"]:
        case "train":
            return layer.train()
        case "test":
            return layer.eval()
        case other:
            raise ValueError(f"{other=}")


def dropout_forward(x: np.ndarray, dropout_param: Dict[str, Any], /) -> Tuple[np.ndarray, Dropout]:
    layer = _layer(Dropout, dropout_param)
    return layer(x), layer


def dropout_backward(*args):
    dout, layer = args
    return layer.backward(dout)


def dropout_forward_unscaled(*args, **kwargs):
    layer = _layer(UnscaledDropout, args[-1])
    return layer(args[0]), None


def ensemble_average(theta, x, p) -> Union[float, np.floating]:
    n = theta.shape[0]
    masks = (np.arange(1 << n)[:, np.newaxis] >> np.arange(n)) & 1
    kept = masks.sum(axis=1)
    weight = np.power(float(p), kept) * np.power(1.0 - p, n - kept)
    return weight @ (masks * theta) @ x
