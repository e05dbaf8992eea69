"""Read JSON that means the same to every reader, and give its canonical form (RFC 8785)."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from typing import Any, NoReturn

from grader.safe_text import safe_text
from grader.scorecard import SCHEMA
from grader.signing.errors import UnsignableError

# A scorecard of the whole default course is about 200 kB; a stranger's file should not fill the memory.
MAX_BYTES = 64 << 20
# ECMA-262, Number::toString: beyond these powers of ten a number is written with an exponent.
LARGEST_PLAIN, SMALLEST_PLAIN = 21, -6


def parse_document(data: bytes) -> dict[str, Any]:
    """Read the JSON of a scorecard, refusing all that two readers may understand differently.

    Raises
    ------
    UnsignableError
        If it is not UTF-8 or no JSON; if a name occurs twice in an object; if a number is NaN, infinite or too large for a double, or
        a text holds half a character; if it is no object of the scorecard's schema.
    """
    if len(data) > MAX_BYTES:
        raise UnsignableError(f"the file is larger than {MAX_BYTES >> 20} MiB, so it is not a scorecard")
    try:
        document = json.loads(data.decode("utf-8"), object_pairs_hook=_object, parse_constant=_no_number, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        said = "it is nested too deeply" if isinstance(error, RecursionError) else safe_text(str(error))[:200]
        raise UnsignableError(f"the file is not a scorecard: {said}") from None
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise UnsignableError(f"the file is not a scorecard: it does not say that its schema is {SCHEMA}")
    return document


def canonical(value: Any) -> bytes:
    """The canonical form of a JSON value (RFC 8785), in UTF-8: no white space, names sorted, one way to write each text and number.

    One thing is stricter than in the RFC: an integer has all its digits, where the RFC would round beyond 2^53 and let two integers pass
    for one another.

    Raises
    ------
    UnsignableError
        If a number is not finite, or a text holds half a character.
    """
    try:
        return _canonical(value).encode("utf-8")
    except (UnicodeEncodeError, RecursionError, ValueError) as error:
        raise UnsignableError(f"the document has no canonical form: {type(error).__name__}") from None


def _canonical(value: Any) -> str:
    if isinstance(value, dict):
        # By UTF-16 code units, as JavaScript sorts; code points sort otherwise beyond U+FFFF.
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(f"{_text(name)}:{_canonical(value[name])}" for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_canonical, value)) + "]"
    if isinstance(value, str):
        return _text(value)
    return json.dumps(value) if value is None or isinstance(value, bool) else _number(value)


def _text(value: str) -> str:
    # Python escapes what the RFC does (quote, backslash, control characters, in its spelling), and no more.
    return json.dumps(value, ensure_ascii=False)


def _number(value: float) -> str:
    """A number as ECMA-262 writes it: the shortest digits that give the same double."""
    if isinstance(value, int):
        return str(value)
    if not math.isfinite(value):
        raise ValueError("not finite")
    sign, mantissa, exponent = Decimal(repr(float(value))).as_tuple()
    text = "".join(map(str, mantissa))
    digits = text.rstrip("0")
    if not digits:
        # Minus zero is zero.
        return "0"
    # The value is 0.DIGITS times ten to the power of `point`.
    point = len(text) + int(exponent)
    if len(digits) <= point <= LARGEST_PLAIN:
        shown = digits + "0" * (point - len(digits))
    elif 0 < point <= LARGEST_PLAIN:
        shown = f"{digits[:point]}.{digits[point:]}"
    elif SMALLEST_PLAIN < point <= 0:
        shown = "0." + "0" * -point + digits
    else:
        shown = digits[0] + ("." + digits[1:] if digits[1:] else "") + f"e{point - 1:+d}"
    return "-" * sign + shown


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        # Readers differ in which of two they take: one would verify what another does not show.
        raise ValueError("a name occurs twice in one object")
    return found


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text[:40]} is too large")
    return value
