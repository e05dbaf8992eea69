"""Plan an exercise: run the body of every check once, and encode the calls for all students to come."""

from __future__ import annotations

import hashlib
import traceback
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from grader.checks.model import CallSpec, Check, Expectation, PlannedCall, PlannedCheck, Result
from grader.checks.record import NotMadeBeforeError, Recorder, Student
from grader.errors import CourseError
from grader.sandbox.inside import codec, request

# How much larger than the reference's own reply a reply may be: float32 answered in float64, a slipped axis, a small list.
REPLY_FACTOR = 4
REPLY_FLOOR_BYTES = 4096
# The numbers of a fallback's calls begin here, so that they never meet those of the check itself.
FALLBACK_FIRST = 1_000_000

Labels = Mapping[str, tuple[str, ...]]
Aliases = Mapping[str, tuple[str, ...]]
# The results that somebody looks at, by the number of their call.
Wanted = dict[int, dict[tuple[int, bool], Result]]


def plan_checks(
    checks: Sequence[Check], module: types.ModuleType, *, labels: Labels, aliases: Aliases, seed_of: Callable[[Check], bytes]
) -> tuple[PlannedCheck, ...]:
    """Plan `checks` of one exercise against its reference `module`.

    The inputs of a check depend on the seed, the module and the name of the check or of its cases, never on what else is
    graded, so that ``--only`` sees the cases of the whole run.
    """
    drafts: list[_Draft] = []
    for check in checks:
        earlier = [draft for draft in drafts if check.cases and _look_at_the_same(check, draft.check)]
        drafts.append(_draft(check, module, labels, seed_of(check), earlier, sum(len(draft.recorder.calls) for draft in drafts)))
    wanted = _wanted([expectation for draft in drafts for expectation in draft.expectations])
    return tuple(
        PlannedCheck(
            check=draft.check,
            calls=_encode_calls(draft.recorder.calls, wanted, aliases, draft.student_seed),
            expectations=draft.expectations,
        )
        for draft in drafts
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """A check whose body has run, before its calls are encoded."""

    check: Check
    recorder: Recorder
    expectations: tuple[Expectation, ...]
    student_seed: int


def _look_at_the_same(check: Check, other: Check) -> bool:
    return (check.function, check.cases, check.visibility) == (other.function, other.cases, other.visibility)


def _draft(check: Check, module: types.ModuleType, labels: Labels, seed: bytes, earlier: Sequence[_Draft], first: int) -> _Draft:
    """Run the body of a check: on the calls of an earlier one if it makes no others, else on calls of its own.

    All or nothing, because a worker that is started anew in between knows none of the earlier results.
    """
    sequence = _seed_sequence(seed, check)
    student_seed = int(sequence.generate_state(1)[0])
    told = f"the check {check.name} of {check.function}"
    recorders = [Recorder(module=module, labels=dict(labels), check=told, earlier=draft.recorder) for draft in earlier]
    for recorder in (*recorders, Recorder(module=module, labels=dict(labels), check=told, first=first, under_test=check.function)):
        # The reference may draw from the global state, as students do; the plan must not depend on what was drawn before.
        np.random.seed(student_seed)
        try:
            expectations = tuple(check.body(Student(recorder), np.random.default_rng(sequence)))
        except NotMadeBeforeError:
            continue
        except CourseError:
            raise
        except Exception as error:
            place = _place(error, Path(getattr(module, "__file__", None) or "/").parent)
            raise CourseError(f"{told} breaks down{place}: {type(error).__name__}: {error}") from error
        if not expectations:
            raise CourseError(f"{told} expects nothing")
        break
    return _Draft(check=check, recorder=recorder, expectations=expectations, student_seed=student_seed)


def _place(error: Exception, folder: Path) -> str:
    """Where in the author's own files an exception was raised: the checks and the reference lie below one folder."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if folder in Path(frame.filename).parents]
    return f" at {Path(frames[-1].filename).relative_to(folder.parent)}, line {frames[-1].lineno}" if frames else ""


def _seed_sequence(seed: bytes, check: Check) -> np.random.SeedSequence:
    text = f"{check.function}/{check.cases or check.name}".encode()
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
    return _encode_calls(calls, _wanted(expectations), aliases, seed)


def _wanted(expectations: Sequence[Expectation]) -> Wanted:
    wanted: Wanted = {}
    for expectation in expectations:
        for result in expectation.wants:
            wanted.setdefault(result.call, {})[result.item, result.after] = result
    return wanted


def _encode_calls(calls: Sequence[CallSpec], wanted: Wanted, aliases: Aliases, seed: int) -> tuple[PlannedCall, ...]:
    return tuple(_encode_call(spec, wanted.get(spec.number, {}), aliases, seed if index == 0 else -1) for index, spec in enumerate(calls))


def _encode_call(spec: CallSpec, wanted: Mapping[tuple[int, bool], Result], aliases: Aliases, seed: int) -> PlannedCall:
    items = sorted(item for item, after in wanted if not after)
    left = sorted(item for item, after in wanted if after)
    expected_bytes = len(codec.encode(tuple(result.expected for result in wanted.values())))
    budget = REPLY_FACTOR * expected_bytes + REPLY_FLOOR_BYTES
    frame = request.encode(
        (
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
    )
    return PlannedCall(
        number=spec.number,
        function=spec.function,
        returns=spec.returns,
        frame=frame,
        reply_bytes=budget,
        wants=(*((item, False) for item in items), *((item, True) for item in left)),
    )


def _with_aliases(callee: request.Recipe, aliases: Aliases) -> request.Recipe:
    constants = (request.Own(one.name, aliases.get(one.name, ())) if isinstance(one, request.Own) else one for one in callee.constants)
    return request.Recipe(callee.source, tuple(constants))


def _names(function: str, aliases: Aliases) -> tuple[str, ...]:
    return (function, *aliases.get(function, ()))
