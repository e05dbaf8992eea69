"""Checks of the backward pass of dropout, by the mask that the student's own forward pass has drawn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from grader.checks import Call, Expectation, Finding, Kind, Rung, Student, check, compare_form, compare_law, contract
from grader.model import Verdict

from .dropout import Floats, Rng, close, draw, law, train, wrong_factor


@check("dropout_backward", Kind.SMOKE, points=0, public=True)
def returns_a_gradient(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return one array, shaped like dout."""
    x = draw(rng, 4, 5)
    _out, cache = student.dropout_forward(x, train(0.7))
    yield compare_form(student.dropout_backward(draw(rng, 4, 5), cache))


@check("dropout_backward", Kind.GRADIENT, points=3)
def passes_the_gradient_where_the_forward_pass_kept(student: Student, rng: Rng) -> Iterator[Expectation]:
    """In training, the gradient of a unit is dout times what the forward pass multiplied that unit by."""
    cases = []
    for p, shape in ((0.35, (14, 22)), (0.8, (25, 11)), (0.6, (3, 4, 5, 6))):
        x, dout = draw(rng, *shape), draw(rng, *shape)
        out, cache = student.dropout_forward(x, train(p))
        cases.append((p, x, dout, out, student.dropout_backward(dout, cache)))
    yield compare_law(drops_some, *(out for *_case, out, _dx in cases))
    for p, x, dout, out, dx in cases:
        yield compare_law(lambda out, dx, x=x, dout=dout, p=p: mask_of(out / x, dx, dout, p), out, dx.result)


def drops_some(*outs: Floats) -> Finding | None:
    """Whether any forward pass has dropped some units and kept others; one alone may not, where whole rows share their fate."""
    if any(0 < np.count_nonzero(out) < out.size for out in outs):
        return None
    message = "This needs a dropout_forward that drops some units and keeps others."
    return Finding(rung=Rung.LAW, verdict=Verdict.SKIPPED, message=message)


def mask_of(factor: Floats, dx: Floats, dout: Floats, p: float) -> Finding | None:
    """Judge the backward pass by the factor that the student's own forward pass applied, so that an error there costs nothing here."""
    kept = factor != 0
    if close(dx, dout * factor):
        return None
    if close(dx, dout):
        return law("no_mask", "dout is passed through everywhere, as if nothing had been dropped.")
    if np.any((dx != 0) != kept):
        code = "unmasked" if np.all(dx) else "opposite_mask" if np.all((dx == 0) == kept) else "another_mask"
        return law(code, "The mask is not the one of the forward pass.")
    found = wrong_factor(dx[kept], dout[kept], p, "divided_by_p")
    return law(found.code if found else "", "The gradient of the kept units is not scaled as the forward pass scaled the units.")


@check("dropout_backward", Kind.GRADIENT, points=1)
def passes_the_gradient_through_at_test_time(student: Student, rng: Rng) -> Iterator[Expectation]:
    """In test mode the forward pass is the identity, so dx is dout."""
    for p in (0.3, 0.8):
        x, dout = draw(rng, 5, 6), draw(rng, 5, 6)
        out, cache = student.dropout_forward(x, {"mode": "test", "p": p})
        dx = student.dropout_backward(dout, cache)
        yield compare_law(lambda out, dx, x=x, dout=dout: passed_through(out / x, dx, dout), out, dx.result)


def passed_through(factor: Floats, dx: Floats, dout: Floats) -> Finding | None:
    """Accept what the student's own forward pass multiplies by at test time as well: its error should cost its marks once."""
    if close(dx, dout) or close(dx, dout * factor):
        return None
    if not np.any(dx):
        return law("all_zero", "dx is 0 in test mode.")
    return law("another_gradient", "dx is not dout in test mode.")


@check("dropout_backward", Kind.PURITY, points=1)
def leaves_its_cache_as_it_was(student: Student, rng: Rng) -> Iterator[Expectation]:
    """The same dout and cache give the same dx again, even after another forward pass."""
    dout = draw(rng, 9, 12)
    _, cache = student.dropout_forward(draw(rng, 9, 12), train(0.6))
    first = student.dropout_backward(dout, cache)
    student.dropout_forward(draw(rng, 9, 12), train(0.6))
    yield compare_law(same_gradient, first, student.dropout_backward(dout, cache))


def same_gradient(first: Floats, again: Floats) -> Finding | None:
    if close(first, again):
        return None
    if np.any((first != 0) != (again != 0)):
        return law("another_mask", "Called again with the same cache, after another forward pass, dropout_backward uses another mask.")
    return law("another_scale", "Called again with the same cache, dropout_backward returns another multiple of dout.")


def call_backward(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    x, dout = ((draw(rng, 3, 5, 1, 4) * scale / 2).astype(dtype) for _ in range(2))
    _, cache = student.dropout_forward(x, train(0.7))
    return student.dropout_backward(dout, cache)


backward_contract = contract("dropout_backward", call_backward)
