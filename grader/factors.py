"""Name a number: a small fraction, a size or a parameter of the case that it was found in, or something made of them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from fractions import Fraction

from grader.observations import Case

# What a logarithm to another base, a standard deviation or a circle leaves behind.
CONSTANTS = {
    "sqrt(2)": math.sqrt(2), "1/sqrt(2)": math.sqrt(0.5), "sqrt(3)": math.sqrt(3), "1/sqrt(3)": math.sqrt(1 / 3),
    "ln 2": math.log(2), "1/ln 2": 1 / math.log(2), "ln 10": math.log(10), "1/ln 10": 1 / math.log(10),
    "pi": math.pi, "2 pi": 2 * math.pi, "1/pi": 1 / math.pi, "180/pi": 180 / math.pi,
}  # fmt: skip

Value = Callable[[Case], float | None]


def factors(case: Case, factor: float) -> Iterator[tuple[str, Value]]:
    """The names of a number: a plain one, a quantity of the case, a round one, or a constant of nature.

    Any other number is not said: it could be one that the code under test has taken from a hidden case.
    """
    fraction = Fraction(factor).limit_denominator(4)
    plain = math.isclose(float(fraction), factor, rel_tol=1e-7) and abs(fraction) <= 4 and fraction != 0
    if plain:
        yield fraction_words(fraction), lambda _case: float(fraction)
    quantities = list(_quantities(case))
    for sign, prefix in ((1.0, ""), (-1.0, "minus ")):
        for words, value in quantities:
            here = value(case)
            if here is not None and here not in (0.0, 1.0) and math.isclose(sign * here, factor, rel_tol=_closeness(case)):
                yield prefix + words, _signed(value, sign)
    if not plain:
        rounded = float(f"{factor:.2g}")
        if math.isclose(rounded, factor, rel_tol=1e-7):
            yield f"{rounded:g}", lambda _case: rounded
        for words, constant in CONSTANTS.items():
            if math.isclose(constant, abs(factor), rel_tol=1e-7):
                yield ("minus " if factor < 0 else "") + words, _fixed(math.copysign(constant, factor))


def _fixed(number: float) -> Value:
    return lambda _case: number


def _closeness(case: Case) -> float:
    return 1e-3 if case.single else 1e-7


def _signed(value: Value, sign: float) -> Value:
    def signed(case: Case) -> float | None:
        here = value(case)
        return None if here is None else sign * here

    return signed


def times(words: str) -> str:
    """A factor as one says it before "what it should be"."""
    return {"2": "twice", "half": "half of", "minus half": "minus half of", "minus 2": "minus twice"}.get(words, f"{words} times")


def fraction_words(fraction: Fraction) -> str:
    """A small fraction as one says it."""
    sign = "minus " if fraction < 0 else ""
    words = {Fraction(1): "one", Fraction(2): "2", Fraction(1, 2): "half", Fraction(3): "3", Fraction(4): "4"}
    return sign + words.get(abs(fraction), str(abs(fraction)))


def _quantities(case: Case) -> Iterator[tuple[str, Value]]:
    """Sizes, their products and parameters of a case, each with what students make of it."""
    for count in (1, 2, 3):
        for letters in itertools.combinations(case.sizes, count):
            if count > 1 and any(" " in letter for letter in letters):
                continue
            name = " * ".join(letters)
            yield from _of_size(name, _product(letters))
    for name in case.numbers:
        yield from _of_number(name, _parameter(name))
    for name, array in case.arrays.items():
        if array.ndim:
            yield f"1/(the number of values in {name})", _inverse_of(_count(name))
            yield f"the number of values in {name}", _count(name)


def _count(name: str) -> Value:
    return lambda case: float(case.arrays[name].size) if name in case.arrays else None


def _parameter(name: str) -> Value:
    return lambda case: case.numbers.get(name)


def _product(letters: tuple[str, ...]) -> Value:
    def product(case: Case) -> float | None:
        return float(math.prod(case.sizes[letter] for letter in letters)) if all(letter in case.sizes for letter in letters) else None

    return product


def _inverse_of(value: Value) -> Value:
    return lambda case: _inverse(value(case))


def _of_size(name: str, size: Value) -> Iterator[tuple[str, Value]]:
    bracket = f"({name})" if " " in name else name
    yield name, size
    yield f"1/{bracket}", lambda case: _inverse(size(case))
    yield f"sqrt({name})", lambda case: _apply(size(case), math.sqrt)
    yield f"1/sqrt({name})", lambda case: _inverse(_apply(size(case), math.sqrt))
    yield f"{bracket}/({name} - 1)", lambda case: _apply(size(case), lambda value: value / (value - 1) if value > 1 else math.nan)
    yield f"({name} - 1)/{bracket}", lambda case: _apply(size(case), lambda value: (value - 1) / value)


def _of_number(name: str, number: Value) -> Iterator[tuple[str, Value]]:
    yield name, number
    yield f"1/{name}", lambda case: _inverse(number(case))
    yield f"(1 - {name})", lambda case: _apply(number(case), lambda value: 1 - value)
    yield f"1/(1 - {name})", lambda case: _inverse(_apply(number(case), lambda value: 1 - value))
    yield f"sqrt({name})", lambda case: _apply(number(case), lambda value: value**0.5 if value > 0 else math.nan)
    yield f"1/sqrt({name})", lambda case: _inverse(_apply(number(case), lambda value: value**0.5 if value > 0 else math.nan))
    yield f"{name}^2", lambda case: _apply(number(case), lambda value: value * value)
    yield f"1/{name}^2", lambda case: _inverse(_apply(number(case), lambda value: value * value))
    yield f"(1 - {name})/{name}", lambda case: _apply(number(case), lambda value: (1 - value) / value if value else math.nan)


def _apply(value: float | None, function: Callable[[float], float]) -> float | None:
    return None if value is None else function(value)


def _inverse(value: float | None) -> float | None:
    return None if value is None or value == 0 else 1 / value


def meaning_of_factor(words: str, case: Case) -> str:
    """What a factor usually comes from."""
    plain = {
        "half": "a factor 2 is missing, or there is an extra factor 1/2",
        "2": "there is an extra factor 2, or a factor 1/2 is missing",
        "100": "a fraction is given as a percentage",
        "minus one": "there is a minus sign too many, or one is missing",
    }
    if words in plain:
        return plain[words]
    if words in CONSTANTS or words.removeprefix("minus ") != words or (words[0].isdigit() and "/" not in words):
        return "a logarithm has the wrong base" if "ln" in words else ""
    if words.endswith("- 1)") and "/(" in words:
        return "the divisor is one less than the number of values (ddof=1)"
    if "sqrt" in words:
        of = "" if any(name in words for name in case.numbers) else " of a number of values"
        return f"the square root{of} is missing, or taken where none is needed"
    inverse = words.startswith("1/")
    name = words.removeprefix("1/").removeprefix("(").removesuffix(")") if inverse else words
    if name in case.numbers or any(name == made for one in case.numbers for made in (f"{one}^2", f"1 - {one}", f"(1 - {one})")):
        return (
            f"there is an extra division by {name}, or a factor {name} is missing"
            if inverse
            else f"there is an extra factor {name}, or a division by {name} is missing"
        )
    if words[0] == "(" or "/" in words.removeprefix("1/"):
        return ""
    mean = "there is an extra division by {0} (a mean where a sum is needed), or a factor {0} is missing"
    total = "a division by {0} is missing (a sum where a mean is needed), or there is an extra factor {0}"
    return (mean if inverse else total).format(name)
