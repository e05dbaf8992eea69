"""The formulas of an exercise on a page: as MathML Core, which browsers set by themselves (W3C, 2025).

Formulas are written as one writes them in a mail, with words among them: ``w <- w - lr dw / (sqrt(c) + eps)``. What is read is indices
(``x_i``, ``h_(k-1)``), powers, hats, roots, Greek letters, and fractions; whatever else there is stays as it is written. A formula that is
not understood, such as one whose parentheses do not match, is shown as its own text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup, escape

from grader.safe_text import safe_text

# "training:   x_hat = …": a few words before the formula itself.
LABEL = re.compile(r"([A-Za-z0-9][^=:\[]{0,60}):\s+(.+)", re.DOTALL)
TOKEN = re.compile(r"(?P<space>\s+)|(?P<number>\d+(?:\.\d+)?(?:e-?\d+)?)|(?P<name>[A-Za-z]+\d*'*)|(?P<sign><-|<=|>=|!=|//|\.\.\.|\|\||.)")
GREEK = {"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "eps": "ε", "epsilon": "ε", "lambda": "λ", "lam": "λ", "mu": "μ"}
GREEK |= {"pi": "π", "sigma": "σ", "theta": "θ", "rho": "ρ", "eta": "η", "phi": "φ", "sum": "∑"}
SIGNS = {"<-": "←", "<=": "≤", ">=": "≥", "!=": "≠", "*": "·", "-": "−", "//": "÷", "...": "…", "||": "∥", "@": "@"}
# What ends the part of a product that stands over a fraction bar.
BREAKS = frozenset({"+", "-", "=", ",", ";", "<-", "<=", ">=", "<", ">", "!=", "*", "|", "||", "~", ":", "//", "@"})
# Words among the formulas, which are no factors of anything.
PROSE = frozenset({"a", "all", "an", "and", "at", "else", "for", "from", "is", "of", "or", "over", "the", "to", "with"})
SPACE = Markup('<mspace width="0.28em"></mspace>')
# Two spaces stand between formulas that could have lines of their own.
NEXT = re.compile(r"[,;]\s{2,}")
DEEPEST = 12


class _Unread(Exception):  # noqa: N818 - it is a finding, and never leaves this module
    """The formula is not understood."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a formula that is set; ``sign`` is what was written if it is an operator, a space or a word of prose, ``inner`` what a pair
    of parentheses holds.
    """

    markup: Markup
    sign: str = ""
    inner: Markup | None = None


def formula_parts(formula: str) -> Markup:
    """A formula as it stands on a page, with the words before it on a line of their own."""
    formula = safe_text(formula)
    found = LABEL.fullmatch(formula)
    said, rest = (found[1], found[2]) if found else ("", formula)
    label = Markup('<span class="said">{}</span>').format(said) if said else Markup("")
    try:
        parts = [_Reader(part).read() for part in NEXT.split(rest)]
    except _Unread:
        return label + Markup("<code>{}</code>").format(rest)
    # The comma stays with what is before it when the line is broken.
    ends = [Markup("<mo>,</mo>")] * (len(parts) - 1) + [Markup("")]
    return label + Markup(" ").join(
        Markup('<math displaystyle="true">{}{}</math>').format(part, end) for part, end in zip(parts, ends, strict=True)
    )


class _Reader:
    """Reads one formula, from its left to its right."""

    def __init__(self, text: str) -> None:
        self._tokens = [(str(one.lastgroup), one[0]) for one in TOKEN.finditer(text)]
        self._at = 0
        self._depth = 0

    def read(self) -> Markup:
        """All of it."""
        pieces = self._row(until="")
        if self._at < len(self._tokens):
            raise _Unread
        return pieces

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("", "")

    def _take(self) -> tuple[str, str]:
        token = self._peek()
        self._at += 1
        return token

    def _row(self, until: str) -> Markup:
        """Pieces up to a closing sign, or to the end."""
        pieces: list[_Piece] = []
        closing = (")", "]", "|") if until == "|" else (")", "]") if until else ()
        while self._peek()[1] and self._peek()[1] not in closing:
            pieces += self._next(pieces)
        return Markup("").join(piece.markup for piece in pieces)

    def _next(self, before: list[_Piece]) -> Iterator[_Piece]:
        kind, text = self._peek()
        if kind == "space":
            self._take()
            # Between two names a space means a product or two words; beside an operator the browser leaves room of its own.
            beside = not before or (before[-1].sign and before[-1].sign not in PROSE) or self._peek()[1] in BREAKS | {"/", ")", "]", ""}
            yield _Piece(Markup("") if beside else SPACE, sign=" ")
        elif text == "/":
            yield self._fraction(before)
        elif kind == "sign" and text not in "([" and not self._begins_size():
            self._take()
            if text in ")]":
                raise _Unread
            yield _Piece(Markup("<mo>{}</mo>").format(SIGNS.get(text, text)), sign=text)
        else:
            piece = self._scripted()
            yield _Piece(piece.markup, sign=text) if text in PROSE and self._peek()[0] in ("space", "") and before else piece

    def _begins_size(self) -> bool:
        """Whether a bar opens |x|, and neither closes it nor stands for "given"."""
        return self._peek()[1] == "|" and (not self._at or self._tokens[self._at - 1][0] in ("space", "sign"))

    def _fraction(self, before: list[_Piece]) -> _Piece:
        """A fraction of the product before the bar, without spaces of the one thing before it, and of the one thing after it."""
        self._take()
        spaced = bool(before) and before[-1].sign == " "
        above: list[_Piece] = []
        while before and before[-1].sign in (("", " ") if spaced else ("",)):
            above.insert(0, before.pop())
        while above and above[0].sign == " ":
            before.append(above.pop(0))
        if self._peek()[0] == "space":
            self._take()
        if not above or (self._peek()[0] == "sign" and self._peek()[1] not in "([" and not self._begins_size()):
            before += above
            return _Piece(Markup("<mo>/</mo>"), sign="/")
        below = self._below()
        while above[-1].sign == " ":
            above.pop()
        real = above
        over = real[0].inner if len(real) == 1 and real[0].inner is not None else Markup("").join(piece.markup for piece in real)
        under = below.inner if below.inner is not None else below.markup
        return _Piece(Markup("<mfrac><mrow>{}</mrow><mrow>{}</mrow></mfrac>").format(over, under))

    def _below(self) -> _Piece:
        """What stands under a fraction bar: one thing, a function with what it is of, or a sum with all that it sums."""
        is_sum = self._peek()[1] == "sum"
        piece = self._scripted()
        if is_sum:
            parts = [piece]
            while self._peek()[1] and self._peek()[1] not in BREAKS | {")", "]", "/"}:
                parts += self._next(parts)
            return _Piece(Markup("").join(part.markup for part in parts))
        if piece.inner is None and self._peek()[1] == "(":
            return _Piece(piece.markup + self._scripted().markup)
        return piece

    def _scripted(self) -> _Piece:
        """One thing with its index and its power."""
        base = self._atom()
        below, above, hat = Markup(""), Markup(""), False
        while self._peek()[1] in ("_", "^"):
            _kind, sign = self._take()
            if sign == "_" and self._peek()[1] == "hat":
                self._take()
                hat = True
            elif sign == "_":
                below += Markup("<mo>,</mo>") if below else Markup("")
                below += self._script()
            else:
                above += self._script()
        markup = Markup("<mover>{}<mo>^</mo></mover>").format(base.markup) if hat else base.markup
        if not below and not above:
            return base if not hat else _Piece(markup)
        tag, parts = ("msub", [below]) if not above else ("msup", [above]) if not below else ("msubsup", [below, above])
        rows = Markup("").join(Markup("<mrow>{}</mrow>").format(part) for part in parts)
        opening, closing = Markup(f"<{tag}>"), Markup(f"</{tag}>")  # noqa: S704 - one of three names of ours
        return _Piece(opening + Markup("<mrow>{}</mrow>").format(markup) + rows + closing)

    def _script(self) -> Markup:
        """What stands as an index or a power: a name, a number, or what is in parentheses; a minus may come before."""
        minus = Markup("")
        if self._peek()[1] == "-":
            self._take()
            minus = Markup("<mo>−</mo>")
        piece = self._atom()
        return minus + (piece.inner if piece.inner is not None else piece.markup)

    def _atom(self) -> _Piece:
        kind, text = self._take()
        if kind == "number":
            return _Piece(Markup("<mn>{}</mn>").format(text))
        if kind == "name":
            if text == "sqrt" and self._peek()[1] == "(":
                group = self._atom()
                return _Piece(Markup("<msqrt>{}</msqrt>").format(group.inner))
            return _Piece(_name(text))
        if text in ("(", "[", "|"):
            return self._group(text)
        raise _Unread

    def _group(self, opening: str) -> _Piece:
        self._depth += 1
        if self._depth > DEEPEST:
            raise _Unread
        inner = self._row(until=opening)
        closing = self._take()[1]
        self._depth -= 1
        if (opening, closing) not in (("(", ")"), ("[", "]"), ("|", "|")):
            raise _Unread
        whole = Markup("<mrow><mo>{}</mo>{}<mo>{}</mo></mrow>").format(opening, inner, closing)
        return _Piece(whole, inner=inner if opening == "(" else None)


def _name(text: str) -> Markup:
    """A name: one letter is set in italics by the browser, more of them upright; digits after it are its index, as in W1."""
    found = re.fullmatch(r"([A-Za-z]+?)(\d*)('*)", text)
    assert found is not None  # noqa: S101 - it is what the token is made of
    letters, digits, primes = found.groups()
    shown = GREEK.get(letters, letters)
    base = Markup("<mo>{}</mo>").format(shown) if shown == "∑" else Markup("<mi>{}</mi>").format(escape(shown + "′" * len(primes)))
    return Markup("<msub>{}<mn>{}</mn></msub>").format(base, digits) if digits else base
