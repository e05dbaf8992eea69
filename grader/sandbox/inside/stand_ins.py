"""What stands for a library that is not there, so that right work is not lost to what has nothing to do with its results.

Importing such a library harms nobody, and neither does deriving a class from one of its own. A picture or a progress bar is asked
for and not made. Anything else of it that is used raises ``NotAvailable``. `numpy.testing`, which takes half as long to import as NumPy
itself, has the assertions that students check themselves with.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

# Of a library that draws, everything may be called, and nothing comes of it.
DRAWING = frozenset({"matplotlib", "seaborn", "pylab", "IPython"})


class NotAvailable(ModuleNotFoundError):  # noqa: N818 - the name is what a student reads
    """Something of a library that is not there for grading was used."""


class Missing(types.ModuleType):
    """Stands for a library that is not there, and for whatever is looked up in it."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(self)(f"{self.__name__}.{name}")

    def __mro_entries__(self, _bases: tuple[Any, ...]) -> tuple[Any, ...]:
        """A class that is derived from one of it, such as a ``unittest.TestCase``, has one base less."""
        return ()

    def __setitem__(self, _key: Any, _value: Any) -> None:
        """Settings have nothing to act on."""

    def _refuse(self, *_arguments: Any, **_options: Any) -> Any:
        raise NotAvailable(f"{self.__name__} is not available to graded code", name=self.__name__)

    # Used in any of these ways, it would fail by a TypeError that speaks of a module, and not of what is missing.
    __call__ = __getitem__ = __iter__ = __contains__ = __enter__ = __exit__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __matmul__ = __rmatmul__ = _refuse
    __neg__ = __pow__ = __lt__ = __le__ = __gt__ = __ge__ = __float__ = __int__ = __index__ = _refuse


class Drawing(Missing):
    """Stands for a library that draws. Whatever is asked of it gives one more of these, and a pair where a figure has its axes."""

    def _go_on(self, *_arguments: Any, **_options: Any) -> Any:
        return type(self)(f"{self.__name__}()")

    def __iter__(self, *_arguments: Any, **_options: Any) -> Iterator[Any]:
        return iter((self._go_on(), self._go_on()))

    def __exit__(self, *_error: Any, **_options: Any) -> None:
        """Nothing was begun."""

    def __bool__(self) -> bool:
        """A loop that asks whether a window is open ends."""
        return False

    __call__ = __getitem__ = __enter__ = _go_on


def stand_in(name: str) -> types.ModuleType:
    """What stands for the library `name`."""
    module = (Drawing if name.split(".", maxsplit=1)[0] in DRAWING else Missing)(name)
    module.__dict__.update(STAND_INS.get(name, {}))
    return module


class Progress:
    """A progress bar that shows nothing: what it is given is gone through as it is."""

    def __init__(self, iterable: Iterable[Any] = (), *_arguments: Any, **_options: Any) -> None:
        self.iterable = iterable

    def __iter__(self) -> Iterator[Any]:
        return iter(self.iterable)

    def __len__(self) -> int:
        return len(self.iterable)  # type: ignore[arg-type]  # whoever asks has given something that has a length

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_error: object) -> None:
        """Nothing was begun."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *_arguments, **_options: None

    @staticmethod
    def write(*_arguments: Any, **_options: Any) -> None:
        """Say nothing."""


_BARS: dict[str, Any] = {
    "tqdm": Progress,
    "tqdm_notebook": Progress,
    "trange": lambda *bounds, **_options: Progress(range(*bounds)),
    "tnrange": lambda *bounds, **_options: Progress(range(*bounds)),
}
STAND_INS: dict[str, dict[str, Any]] = {
    # What course files of the years of two Pythons import, so that one file runs on both; on this one it is what Python has.
    "past.builtins": {"xrange": range, "range": range, "basestring": str, "unicode": str},
    "six.moves": {"xrange": range, "range": range, "zip": zip, "map": map},
    **dict.fromkeys(("tqdm", "tqdm.auto", "tqdm.autonotebook", "tqdm.notebook", "tqdm.std"), _BARS),
}


# ------------------------------------------------------------------------------------------------------------ numpy.testing


def _claim(holds: Any, words: str) -> None:
    if not holds:
        raise AssertionError(words)


def _allclose(actual: Any, desired: Any, rtol: float = 1e-7, atol: float = 0, equal_nan: bool = True, err_msg: str = "", **_: Any) -> None:
    _claim(np.allclose(actual, desired, rtol=rtol, atol=atol, equal_nan=equal_nan), err_msg or "Not equal to tolerance")


def _almost_equal(actual: Any, desired: Any, decimal: int = 7, err_msg: str = "", **_options: Any) -> None:
    _claim(np.allclose(actual, desired, rtol=0, atol=1.5 * 10.0**-decimal, equal_nan=True), err_msg or "Not almost equal")


def _array_almost_equal(actual: Any, desired: Any, decimal: int = 6, err_msg: str = "", **_options: Any) -> None:
    _almost_equal(actual, desired, decimal, err_msg)


def _equal(actual: Any, desired: Any, err_msg: str = "", **_options: Any) -> None:
    if isinstance(desired, dict):
        _claim(isinstance(actual, dict) and actual.keys() == desired.keys(), err_msg or "Not equal")
        for key in desired:
            _equal(actual[key], desired[key], err_msg)
    elif isinstance(desired, (list, tuple)) and isinstance(actual, (list, tuple)):
        _claim(len(actual) == len(desired), err_msg or "Not equal")
        for one, other in zip(actual, desired, strict=True):
            _equal(one, other, err_msg)
    else:
        one, other = np.asarray(actual), np.asarray(desired)
        numbers = all(array.dtype.kind in "fc" for array in (one, other))
        _claim(np.array_equal(one, other, equal_nan=numbers) or bool(np.all(one == other)), err_msg or "Not equal")


def _array_less(x: Any, y: Any, err_msg: str = "", **_options: Any) -> None:
    _claim(np.all(np.less(x, y)), err_msg or "Not less-ordered")


class _Raises:
    """The context of ``assert_raises``."""

    def __init__(self, expected: Any) -> None:
        self.expected = expected

    def __enter__(self) -> _Raises:
        return self

    def __exit__(self, kind: type[BaseException] | None, _error: object, _trace: object) -> bool:
        _claim(kind is not None, "nothing was raised")
        return kind is not None and issubclass(kind, self.expected)


def _raises(expected: Any, function: Callable[..., Any] | None = None, *arguments: Any, **options: Any) -> Any:
    if function is None:
        return _Raises(expected)
    with _Raises(expected):
        function(*arguments, **options)
    return None


def testing() -> types.ModuleType:
    """A `numpy.testing` with the assertions that are used most."""
    module = Missing("numpy.testing")
    module.__dict__.update(
        assert_=_claim_alone, assert_allclose=_allclose, assert_almost_equal=_almost_equal, assert_approx_equal=_approx_equal,
        assert_array_almost_equal=_array_almost_equal, assert_array_equal=_equal, assert_array_less=_array_less, assert_equal=_equal,
        assert_raises=_raises,
    )  # fmt: skip
    return module


def _claim_alone(val: Any, msg: str = "") -> None:
    _claim(val, msg)


def _approx_equal(actual: Any, desired: Any, significant: int = 7, err_msg: str = "", **_options: Any) -> None:
    _claim(np.allclose(actual, desired, rtol=10.0 ** -(significant - 1), atol=0), err_msg or "Not equal to significant digits")
