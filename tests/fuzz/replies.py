"""Fuzz what comes back from a worker: the stream, the decoder, the reading of answers, and every judge that sees what was decoded.

An input is one reply to one call of the default course, honest but for what was bent. The answers to all other calls are the reference's.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from grader import records
from grader.catalog import load_course
from grader.checks.answers import collect
from grader.checks.model import Answer, Answers, Expectation, PlannedCall, PlannedCheck
from grader.checks.plan import plan_fallback
from grader.checks.record import Result
from grader.credible import credible
from grader.execution import LOAD_REPLY_BYTES, _Asking, _read_loading
from grader.grading import ExercisePlan, Grader
from grader.judging import Seen, judge_check
from grader.model import Ending, Finding, Job, Limits, Run, SourceFile, Submission, Verdict
from grader.sandbox.inside import child, codec
from grader.sandbox.progress import REPLY_SLACK_BYTES, Progress
from grader.scorecard import plain
from tests.fuzz.bending import WORDS, bend_bytes, bend_value, odd_value
from tests.fuzz.watching import Broken, Target

# The large replies are those of random draws; one in so many inputs is enough, as they take a thousand times as long.
LARGE = 4096
ONE_IN = 200
# A cause is searched for with all answers of a function, which takes milliseconds.
EXPLAIN_ONE_IN = 500
FOLLOWS = 0.2
LONGEST_MESSAGE = 4000
TEXT = "def f(x):\n    return x\n"
WORK = Submission(name="a", files=(SourceFile(path="a.py", text=TEXT, sha256="0" * 64, size=len(TEXT)),), digest="sha256:" + "0" * 64)
TAGS = tuple(tag.encode() for tag in "NTFifcsltdaAo")


@dataclass(slots=True)
class Asked:
    """One call with its honest reply, the checks that look at it, and what a bent reply is put among."""

    call: PlannedCall
    honest: bytes
    answers: dict[int, Answer]
    judged: list[PlannedCheck] = field(default_factory=list)
    plan: ExercisePlan | None = None
    fallback: tuple[Expectation, tuple[Result, ...]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """An input: bytes in place of the reply to a call; ``asked`` is None for the reply to loading; ``pieces`` is how they arrive."""

    raw: bytes
    asked: Asked | None = None
    pieces: tuple[int, ...] = ()
    explain: bool = False


@functools.cache
def calls(course: Path | None = None) -> tuple[tuple[Asked, ...], tuple[Asked, ...]]:
    """All calls of all checks of a course with the reference's replies, and those that follow-through makes."""
    grader = Grader(load_course(course))
    plans = [grader.plan(exercise) for exercise in grader.course.exercises]
    return tuple(one for plan in plans for one in _calls_of(plan)), tuple(one for plan in plans for one in _further_calls(plan))


def _answered(planned: list[PlannedCall], plan: ExercisePlan) -> list[Asked]:
    session = child.session_of(plan.module)
    answers: dict[int, Answer] = {}
    asked = [Asked(call=call, honest=session.answer(call.frame), answers=answers, plan=plan) for call in planned]
    collect(planned, [one.honest for one in asked], into=answers)
    return asked


def _calls_of(plan: ExercisePlan) -> list[Asked]:
    asked = _answered([call for planned in plan.checks for call in planned.calls], plan)
    by_call: defaultdict[int, dict[int, PlannedCheck]] = defaultdict(dict)
    for planned in plan.checks:
        for expectation in planned.expectations:
            for number in {*(result.call for result in expectation.wants), *expectation.calls}:
                by_call[number][id(planned)] = planned
    for one in asked:
        one.judged = list(by_call[one.call.number].values())
    return asked


def _further_calls(plan: ExercisePlan) -> list[Asked]:
    found: list[Asked] = []
    for planned in plan.checks:
        for expectation in planned.expectations:
            if expectation.fallback is not None:
                further, wants = plan_fallback(expectation, plan.module, aliases=plan.exercise.aliases)
                numbers = {result.call for result in expectation.wants}
                behind = [call for other in plan.checks if numbers & {call.number for call in other.calls} for call in other.calls]
                asked = _answered([*behind, *further], plan)
                for one in asked:
                    one.fallback = (expectation, wants)
                # Nobody looks further where the forward pass is right, so here it never is.
                for call in further:
                    right = asked[0].answers[call.number]
                    asked[0].answers[call.number] = dataclasses.replace(right, values={key: 1.5 * it for key, it in right.values.items()})
                found += asked
    return found


# ------------------------------------------------------------------------------------------------------------------ drawing


def draw(rng: Random) -> Given:
    """A reply to some call: bent as bytes, bent as a value, or forged."""
    if rng.random() < 0.05:
        return Given(raw=_loading(rng))
    asked = _some_call(rng)
    kind = rng.random()
    if kind < 0.35:
        raw = bend_bytes(rng, asked.honest, TAGS)
    elif kind < 0.9:
        raw = _encoded(_bent(rng, codec.decode(asked.honest)))
    else:
        raw = _encoded(_forged(rng))
    pieces = tuple(rng.randint(1, 64) for _ in range(8)) if rng.random() < 0.05 else ()
    return Given(raw=raw, asked=asked, pieces=pieces, explain=rng.randrange(EXPLAIN_ONE_IN) == 0)


def _some_call(rng: Random) -> Asked:
    while True:
        asked = rng.choice(calls()[rng.random() < FOLLOWS])
        if len(asked.honest) <= LARGE or rng.randrange(ONE_IN) == 0:
            return asked


def _bent(rng: Random, reply: Any) -> Any:
    """Bend the values of a reply, and its other parts less often, so that most of them come as far as a judge."""
    if rng.random() < 0.15:
        return bend_value(rng, reply)
    status, wanted, changed, *rest = reply
    return (status, bend_value(rng, wanted), bend_value(rng, changed, 0.15), *rest)


def _forged(rng: Random) -> Any:
    status = rng.choice(WORDS[:7])
    if status == "raised":
        description = ["ValueError", "a message", "a.py", 1, "f", 0]
        return ("raised", *[odd_value(rng) if rng.random() < 0.3 else part for part in description])
    return (status, *[odd_value(rng) for _ in range(rng.randrange(6))])


def _loading(rng: Random) -> bytes:
    description = ("raised", "SyntaxError", "a message", "a.py", 1, "", 0)
    honest = rng.choice((("loaded", None), ("loaded", description), description, ("not_implemented",)))
    return bend_bytes(rng, codec.encode(honest), TAGS) if rng.random() < 0.4 else _encoded(bend_value(rng, honest))


def _encoded(value: Any) -> bytes:
    with_odd_dtypes: bytes = codec.encode(value)
    return with_odd_dtypes


# ------------------------------------------------------------------------------------------------------------------ reading


def read(given: Given) -> None:
    """Read a reply as the grader does, from the stream to the verdict."""
    limit = LOAD_REPLY_BYTES if given.asked is None else given.asked.call.reply_bytes
    raw = given.raw[: limit + REPLY_SLACK_BYTES]
    read_bytes(raw)
    if given.pieces:
        read_stream(raw, given.pieces)
    if given.asked is None:
        asking = _Asking(WORK, "a.py", Limits(), {file.path: file.text for file in WORK.files})
        finding, broken = _read_loading(Run(replies=(raw,), ending=Ending.FINISHED), asking)
        if broken is not None:
            asking.leave_out(broken, ("f",))
        _keep(finding)
    else:
        read_reply(raw, given.asked, explain=given.explain)


def read_bytes(raw: bytes) -> None:
    """Decode, and nothing else. NumPy refuses an empty array of absurd extents by a plain ValueError, of which CodecError is one."""
    with contextlib.suppress(ValueError):
        codec.decode(raw)


def read_stream(raw: bytes, pieces: tuple[int, ...]) -> None:
    """Cut two replies from a stream, in pieces and at once: the same replies must come."""
    limits = Limits()
    stream = b"".join(len(one).to_bytes(4, "little") + one for one in (raw, raw[:9]))
    job = Job(frames=(b"", b""), reply_bytes=(len(raw), 9), limits=limits)
    at_once, in_pieces = Progress(job=job), Progress(job=job)
    at_once.receive(stream)
    at, turn = 0, 0
    while at < len(stream):
        size = pieces[turn % len(pieces)] if turn < 64 else len(stream)
        in_pieces.receive(stream[at : at + size])
        at, turn = at + size, turn + 1
    if at_once.replies != [raw, raw[:9]] or in_pieces.replies != at_once.replies:
        raise Broken("the stream was cut otherwise")


def read_reply(raw: bytes, asked: Asked, *, explain: bool = False) -> None:
    """Collect the reply to one call, and let everybody judge it who judges that call."""
    into = asked.answers
    before = into[asked.call.number]
    try:
        collect([asked.call], [raw], believe=lambda raised: credible(raised, WORK), into=into)
        answers = Answers(into)
        if into[asked.call.number].missing is not None:
            _keep(into[asked.call.number].missing)
        for planned in asked.judged:
            for seen in judge_check(planned, answers):
                _keep(seen.finding)
        if asked.fallback is not None:
            expectation, wants = asked.fallback
            assert expectation.fallback is not None
            expectation.fallback.judge(answers, wants)
        if explain and asked.judged:
            _explain(asked, answers)
    finally:
        into[asked.call.number] = before


def _explain(asked: Asked, answers: Answers) -> None:
    assert asked.plan is not None
    function = asked.judged[0].check.function
    mine: list[tuple[PlannedCheck, tuple[Seen, ...]]] = [
        (planned, judge_check(planned, answers)) for planned in asked.plan.checks if planned.check.function == function
    ]
    if any(one.finding is not None and one.finding.verdict is Verdict.WRONG_ANSWER for _planned, seen in mine for one in seen):
        asked.plan.diagnostician.explain(mine, answers)


def _keep(finding: Finding | None) -> None:
    """A finding must be one of the student's, of a length that a page can hold, and must be the same after it was stored."""
    if finding is None:
        return
    if finding.verdict is Verdict.GRADER_ERROR:
        raise Broken(f"a judge broke down: {finding.facts}")
    if len(finding.message) > LONGEST_MESSAGE:
        raise Broken(f"a message of {len(finding.message)} characters: {finding.message[:80]}")
    kept = records.to_bytes(records.encode(finding))
    if records.to_bytes(records.encode(records.decode(Finding, records.from_bytes(kept)))) != kept:
        raise Broken("a finding that is another one after it was stored")
    plain(dict(finding.facts))


REPLIES = Target(name="replies", draw=draw, read=read)
