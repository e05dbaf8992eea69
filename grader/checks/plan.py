"""Plan an exercise: run the body of every check once, and encode the calls for all students to come."""

from __future__ import annotations

import hashlib
import types
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from grader.checks.model import CallSpec, Check, Expectation, PlannedCall, PlannedCheck, Result
from grader.checks.record import Recorder, Student
from grader.errors import CourseError
from grader.sandbox.inside import codec

# How much larger than the reference's own reply a reply may be: float32 answered in float64, a slipped axis, a small list.
REPLY_FACTOR = 4
REPLY_FLOOR_BYTES = 4096
# The numbers of a fallback's calls begin here, so that they never meet those of the check itself.
FALLBACK_FIRST = 1_000_000

Labels = Mapping[str, tuple[str, ...]]
Aliases = Mapping[str, tuple[str, ...]]


def plan_checks(
    checks: Sequence[Check], module: types.ModuleType, *, labels: Labels, aliases: Aliases, seed_of: Callable[[Check], bytes]
) -> tuple[PlannedCheck, ...]:
    """Plan `checks` of one exercise against its reference `module`.

    The inputs of a check depend on the seed, the module and the check's own name alone, never on what else is graded, so that
    ``--only`` sees the cases of the whole run.
    """
    planned = []
    first = 0
    for check in checks:
        recorder = Recorder(module=module, labels=dict(labels), first=first, under_test=check.function)
        sequence = _seed_sequence(seed_of(check), check)
        rng = np.random.default_rng(sequence)
        student_seed = int(sequence.generate_state(1)[0])
        # The reference may draw from the global state, as students do; the plan must not depend on what was drawn before.
        np.random.seed(student_seed)
        expectations = tuple(check.body(Student(recorder), rng))
        if not expectations:
            raise CourseError(f"the check {check.name} of {check.function} expects nothing")
        calls = encode_calls(recorder.calls, expectations, aliases, student_seed)
        planned.append(PlannedCheck(check=check, calls=calls, expectations=expectations))
        first += len(calls)
    return tuple(planned)


def _seed_sequence(seed: bytes, check: Check) -> np.random.SeedSequence:
    text = f"{check.function}/{check.name}".encode()
    digest = hashlib.blake2b(text, key=seed[:64], digest_size=32).digest()
    return np.random.SeedSequence(int.from_bytes(digest, "little"))


def plan_fallback(
    expectation: Expectation, module: types.ModuleType, *, aliases: Aliases
) -> tuple[tuple[PlannedCall, ...], tuple[Result, ...]]:
    """Plan the further calls of a failed expectation."""
    assert expectation.fallback is not None  # noqa: S101 - the caller has looked
    recorder = Recorder(module=module, labels={}, first=FALLBACK_FIRST)
    wants = expectation.fallback.record(Student(recorder))
    asked = Expectation(wants=wants, judge=lambda _answers: None)
    return encode_calls(recorder.calls, (asked,), aliases, 0), wants


def encode_calls(calls: Sequence[CallSpec], expectations: Sequence[Expectation], aliases: Aliases, seed: int) -> tuple[PlannedCall, ...]:
    """Encode recorded calls, asking for those results alone that an expectation looks at."""
    wanted: dict[int, dict[tuple[int, bool], Result]] = {}
    for expectation in expectations:
        for result in expectation.wants:
            wanted.setdefault(result.call, {})[result.item, result.after] = result
    return tuple(_encode_call(spec, wanted.get(spec.number, {}), aliases, seed if index == 0 else -1) for index, spec in enumerate(calls))


def _encode_call(spec: CallSpec, wanted: Mapping[tuple[int, bool], Result], aliases: Aliases, seed: int) -> PlannedCall:
    items = sorted(item for item, after in wanted if not after)
    left = sorted(item for item, after in wanted if after)
    expected_bytes = len(codec.encode(tuple(result.expected for result in wanted.values())))
    budget = REPLY_FACTOR * expected_bytes + REPLY_FLOOR_BYTES
    request = (
        spec.number,
        _names(spec.function, aliases) if spec.recipe is None else _with_aliases(spec.recipe, aliases),
        spec.returns,
        spec.arguments,
        spec.options,
        tuple(max(item, 0) for item in items),
        tuple(left),
        budget,
        seed,
    )
    payload = codec.encode(request)
    return PlannedCall(
        number=spec.number,
        function=spec.function,
        frame=payload,
        reply_bytes=budget,
        wants=(*((item, False) for item in items), *((item, True) for item in left)),
    )


def _with_aliases(callee: codec.Recipe, aliases: Aliases) -> codec.Recipe:
    constants = (codec.Own(one.name, aliases.get(one.name, ())) if isinstance(one, codec.Own) else one for one in callee.constants)
    return codec.Recipe(callee.source, tuple(constants))


def _names(function: str, aliases: Aliases) -> tuple[str, ...]:
    return (function, *aliases.get(function, ()))
