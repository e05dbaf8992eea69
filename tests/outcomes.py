"""Outcomes as the engine might produce them, generated: hostile texts, NumPy's values among the facts, all verdicts."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from grader.classwork import Record
from grader.model import CheckOutcome, Diagnosis, Evidence, ExerciseOutcome, Finding, FunctionOutcome, Raised, Rung, Verdict
from tests.cards import RUN

# Surrogates too, alone and in pairs: what is submitted may raise and print them.
texts = st.one_of(
    st.text(st.characters(), max_size=12), st.sampled_from(["", "\ud83d\ude00", "\x00", "\\u0000", "a\\b", "0xdeadbeef0", "\u202eevil"])
)
names = st.text(st.characters(codec="ascii", categories=["L"]), min_size=1, max_size=8)
numbers = st.one_of(
    st.integers(),
    st.floats(),
    st.booleans(),
    st.floats(width=32).map(np.float32),
    st.floats().map(np.float64),
    st.integers(-(2**63), 2**63 - 1).map(np.int64),
    st.booleans().map(np.bool_),
    st.just(np.array([1.5, np.nan, -np.inf])),
    st.just(np.arange(6, dtype=np.int32).reshape(2, 3)),
    st.just(np.array([], dtype=np.float32)),
    st.just(np.str_("a\x00")),
    st.just(np.dtype(np.float32)),
    st.just(1 + 2j),
)
values = st.recursive(
    st.one_of(st.none(), texts, numbers, st.sampled_from(Verdict)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.lists(inner, max_size=3).map(tuple), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=6,
)
raised = st.builds(Raised, type_name=texts, message=texts, path=texts, line=st.integers(), function=texts)
findings = st.builds(
    Finding,
    rung=st.sampled_from(Rung),
    message=texts,
    verdict=st.sampled_from(Verdict),
    raised=st.none() | raised,
    code=texts,
    needs=texts,
    facts=st.dictionaries(texts, values, max_size=4),
)
counts = st.integers(0, 10**6)
checks = st.builds(
    CheckOutcome,
    check=names,
    verdict=st.sampled_from(Verdict),
    finding=st.none() | findings,
    failed=counts,
    comparisons=counts,
    follow_through=texts,
)
diagnoses = st.builds(Diagnosis, mistake=texts, explanation=texts, evidence=st.sampled_from(Evidence))
functions = st.builds(
    FunctionOutcome, function=names, checks=st.lists(checks, max_size=4).map(tuple), diagnoses=st.lists(diagnoses, max_size=2).map(tuple)
)
outcomes = st.builds(
    ExerciseOutcome,
    exercise=names,
    path=st.none() | texts,
    functions=st.lists(functions, max_size=3).map(tuple),
    message=texts,
    printed=texts,
)


def make_outcome(*, verdict=Verdict.WRONG_ANSWER, message="6 of 6 values are off.", exercise="power", facts=None):
    """One function with one check."""
    finding = Finding(rung=Rung.VALUE, message=message, facts={"at": [1, 2], "got": 1.5} if facts is None else facts)
    check = CheckOutcome(check="cubes_every_element", verdict=verdict, finding=finding, failed=1, comparisons=2)
    return ExerciseOutcome(exercise=exercise, path="power.py", functions=(FunctionOutcome(function="cube", checks=(check,)),))


def make_record(number=0, *, run=RUN, **changes):
    """A record of its own key for each number."""
    return Record(key=f"key-{number:06d}", digest=f"sha256:{number:064x}", outcome=make_outcome(**changes), run=run)
