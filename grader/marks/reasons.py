"""Why a mark is another one than before: each reason with the points that it gave or took, so that they add up to the change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from grader.classwork import LatePolicy, Mark, Override, Policy, Record, Revision, StoredHandin
from grader.marks.marking import verdicts_of
from grader.marks.total import brief
from grader.model import RunInfo, Verdict
from grader.safe_text import safe_text

NO_OUTCOME = "What counts has no result yet: the grader failed on it, or the checks have changed and were not run since"


class Cause(StrEnum):
    """What sort of thing changed a mark."""

    CLASS = "class"
    SUBMISSION = "submission"
    OUTCOME = "outcome"
    POINTS = "points"
    LATENESS = "lateness"
    OVERRIDE = "override"
    MACHINERY = "machinery"
    WEIGHT = "weight"
    SCORING = "scoring"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason as a sentence, and the points that it gave."""

    cause: Cause
    sentence: str
    amount: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A revision, and where to look up what its marks refer to: None or {} where that is not known any more."""

    revision: Revision
    record: Callable[[str], Record | None]
    handins: Mapping[int, StoredHandin] = field(default_factory=dict)
    overrides: Mapping[int, Override] = field(default_factory=dict)
    # The points of the checks of a record that is of others than the revision's.
    points_of: Callable[[Record], Mapping[str, Mapping[str, int]] | None] = lambda _record: None


def why(before: Mark | None, after: Mark | None, old: Side, new: Side) -> tuple[Reason, ...]:
    """Why the mark `before` has become the mark `after`; nothing if it is as it was."""
    if before is None or after is None:
        return tuple(_came_or_went(before, after))
    if after.override is not None:
        return tuple(_set_by_hand(before, after, old, new))
    reasons = [*_withdrawn(before, old), *_without_hand(before, after, old, new)]
    missing = after.final - before.final - sum((reason.amount for reason in reasons), Fraction(0))
    if missing:
        # Nothing that is kept explains it, so the rule by which points are added up must be another one.
        reasons.append(Reason(cause=Cause.SCORING, sentence="Layerwise adds up the points of these checks in another way.", amount=missing))
    return tuple(reasons)


def _came_or_went(before: Mark | None, after: Mark | None) -> Iterator[Reason]:
    if after is not None:
        yield Reason(cause=Cause.CLASS, sentence="There was no such mark before.", amount=after.final)
    elif before is not None:
        yield Reason(cause=Cause.CLASS, sentence="There is no such mark any more.", amount=-before.final)


# ---------------------------------------------------------------------------------------------------------------- overrides


def _set_by_hand(before: Mark, after: Mark, old: Side, new: Side) -> Iterator[Reason]:
    """Whatever changed below an override changes nothing."""
    if before.override is None or before.final != after.final or _hand(before, old) != _hand(after, new):
        yield Reason(cause=Cause.OVERRIDE, sentence=f"{_hand(after, new)}.", amount=after.final - before.final)
    if before.max_points != after.max_points:
        yield _other_maximum(before, after)


def _withdrawn(before: Mark, old: Side) -> Iterator[Reason]:
    if before.override is not None:
        sentence = f"This no longer applies: {_hand(before, old)}."
        yield Reason(cause=Cause.OVERRIDE, sentence=sentence, amount=before.points * before.late_factor - before.final)


def _hand(mark: Mark, side: Side) -> str:
    override = side.overrides.get(mark.override or 0)
    if override is None:
        return f"{brief(mark.final)} points were set by hand"
    return f"{safe_text(override.author)} set {brief(override.points)} points by hand ({safe_text(override.reason)})"


# ------------------------------------------------------------------------------------------------------------------ outcomes


def _without_hand(before: Mark, after: Mark, old: Side, new: Side) -> Iterator[Reason]:
    had, has = (mark.points * mark.late_factor for mark in (before, after))
    whole = _state_reason(before, after, old, new)
    if whole is not None:
        yield Reason(cause=whole[0], sentence=whole[1], amount=has - had)
        return
    if before.override is None and before.pending != after.pending:
        sentence = f"{'An attempt' if after.pending else 'No attempt'} that may give more is waiting to be graded now."
        yield Reason(cause=Cause.MACHINERY, sentence=sentence, amount=Fraction(0))
    if before.record and after.record:
        yield from _points_reasons(before, after, old, new)
    if before.late_factor != after.late_factor and after.points:
        amount = after.points * (after.late_factor - before.late_factor)
        yield Reason(cause=Cause.LATENESS, sentence=_lateness(before, after, old, new), amount=amount)
    if before.max_points != after.max_points:
        yield _other_maximum(before, after)


def _other_maximum(before: Mark, after: Mark) -> Reason:
    sentence = f"There are {after.max_points} points in all instead of {before.max_points}."
    return Reason(cause=Cause.POINTS, sentence=sentence, amount=Fraction(0))


def _state_reason(before: Mark, after: Mark, old: Side, new: Side) -> tuple[Cause, str] | None:
    """The one reason that is all there is to say where one side has nothing that was graded."""
    states = (_state(before, old), _state(after, new))
    if states[0] == states[1]:
        return None
    sentences = {
        "missing": (Cause.SUBMISSION, "What was handed in is no longer there."),
        "waiting": (Cause.MACHINERY, f"{NO_OUTCOME}."),
        "unreadable": (Cause.SUBMISSION, f"What counts cannot be read: {_handed_in(after, new)}."),
    }
    if states[1] in sentences:
        return sentences[states[1]]
    return {
        "missing": (Cause.SUBMISSION, f"It is handed in now: {_handed_in(after, new)}."),
        "waiting": (Cause.MACHINERY, "The result that was missing is there now."),
        "unreadable": (Cause.SUBMISSION, f"What counts can be read now: {_handed_in(after, new)}."),
    }[states[0]]


def _state(mark: Mark, side: Side) -> str:
    if mark.handin is None:
        return "missing"
    if mark.record:
        return "graded"
    stored = side.handins.get(mark.handin)
    return "unreadable" if stored is not None and stored.digest is None else "waiting"


def _points_reasons(before: Mark, after: Mark, old: Side, new: Side) -> Iterator[Reason]:
    """First the outcome becomes another, then its points do; both at the old lateness."""
    had: Mapping[str, Mapping[str, int]] = old.revision.points.get(before.exercise, {})
    have: Mapping[str, Mapping[str, int]] = new.revision.points.get(before.exercise, {})
    if (before.record, before.points, had) == (after.record, after.points, have):
        return
    was, now = old.record(before.record), new.record(after.record)
    if was is None or now is None:
        if before.points != after.points:
            sentence = "A stored result is missing, so it is not known which checks changed."
            yield Reason(cause=Cause.OUTCOME, sentence=sentence, amount=(after.points - before.points) * before.late_factor)
        return
    had, have = old.points_of(was) or had, new.points_of(now) or have
    steps = list(_verdict_steps(was, now, had))
    if was.digest != now.digest:
        amount = sum((step for step, _sentence in steps), 0) * before.late_factor
        yield Reason(cause=Cause.SUBMISSION, sentence=_other_submission(before, after, old, new, len(steps)), amount=amount)
    else:
        for step, sentence in steps:
            yield Reason(cause=Cause.OUTCOME, sentence=sentence, amount=step * before.late_factor)
        if steps:
            sentence = f"It was run again: {_other_run(was.run, now.run, old.revision, new.revision)}."
            yield Reason(cause=Cause.OUTCOME, sentence=sentence, amount=Fraction(0))
    for (function, check), verdict in verdicts_of(now.outcome).items():
        other, one = (table.get(function, {}).get(check) for table in (had, have))
        if verdict is Verdict.ACCEPTED and other != one:
            sentence = f"{function}, {_title(check)}: {_worth(other, one)}."
            yield Reason(cause=Cause.POINTS, sentence=sentence, amount=((one or 0) - (other or 0)) * before.late_factor)


def _verdict_steps(was: Record, now: Record, points: Mapping[str, Mapping[str, int]]) -> Iterator[tuple[int, str]]:
    """Each check whose verdict gave or took points, or was a fault of ours on one side: the points, and a sentence."""
    before, after = verdicts_of(was.outcome), verdicts_of(now.outcome)
    for function, check in dict.fromkeys((*before, *after)):
        one, other = (found.get((function, check)) for found in (before, after))
        value = points.get(function, {}).get(check, 0)
        step = value * ((other is Verdict.ACCEPTED) - (one is Verdict.ACCEPTED))
        if step or (value and one is not other and Verdict.GRADER_ERROR in (one, other)):
            yield step, f"{function}, {_title(check)}: {_verdict(one)} before, {_verdict(other)} now."


def _verdict(verdict: Verdict | None) -> str:
    return "not there" if verdict is None else verdict.value.replace("_", " ")


def _title(check: str) -> str:
    return check.replace("_", " ")


def _worth(was: int | None, now: int | None) -> str:
    if was is None:
        return f"a new check of {now} points"
    return f"{now or 0} points instead of {was}"


def _other_submission(before: Mark, after: Mark, old: Side, new: Side, checks: int) -> str:
    rules = [side.revision.policy.attempts for side in (old, new)]
    rule = f" now that the {rules[1]} attempt counts and not the {rules[0]}" if rules[0] is not rules[1] else ""
    ending = f"{checks} of its checks ended differently" if checks else "its checks ended the same way"
    return f"Another submission counts{rule}: {_handed_in(after, new)} instead of {_handed_in(before, old)}; {ending}."


def _handed_in(mark: Mark, side: Side) -> str:
    stored = side.handins.get(mark.handin or 0)
    if stored is None:
        return f"hand-in {mark.handin}"
    time = f" of {moment(stored.handin.submitted_at)}" if stored.handin.submitted_at else ""
    return f"{safe_text(stored.handin.source)}{time}"


def _other_run(was: RunInfo, now: RunInfo, old: Revision, new: Revision) -> str:
    """What was different when an outcome was found again."""
    pairs = {
        "Layerwise": (was.layerwise, now.layerwise),
        "Python": (was.python, now.python),
        "NumPy": (was.numpy, now.numpy),
        "sandbox": (was.layers.sandbox, now.layers.sandbox),
        "seed": (old.seed_fingerprint, new.seed_fingerprint),
    }
    found = [f"{name} {other} instead of {one}" for name, (one, other) in pairs.items() if one != other]
    found += ["other limits"] if was.limits != now.limits else []
    found += ["a changed course"] if old.course_digest != new.course_digest else []
    return ", ".join(found) or "nothing that is recorded differs"


# ------------------------------------------------------------------------------------------------------------------ lateness


def _lateness(before: Mark, after: Mark, old: Side, new: Side) -> str:
    kept = f"{percent(after.late_factor)} of the points are kept instead of {percent(before.late_factor)}"
    if before.late_days == after.late_days:
        return f"Being {days(after.late_days)} late costs something else now: {kept}."
    # An id names the same hand-in in the two revisions of one store alone, so the times themselves are compared.
    times = [_time(before, old), _time(after, new)]
    cause = f"handed in {when(times[1])}, not {when(times[0])}" if times[0] != times[1] else "another deadline or extension"
    return f"It is {days(after.late_days)} late instead of {days(before.late_days)} ({cause}): {kept}."


def _time(mark: Mark, side: Side) -> datetime | None:
    stored = side.handins.get(mark.handin or 0)
    return stored.handin.submitted_at if stored else None


def when(time: datetime | None) -> str:
    """A time within a sentence."""
    return f"at {moment(time)}" if time else "at an unknown time"


def moment(time: datetime) -> str:
    """A time as people read it."""
    return f"{time:%Y-%m-%d %H:%M:%S} UTC"


def days(count: int) -> str:
    """A number of days, in words where it is one."""
    return f"{count} day{'s' * (count != 1)}"


def percent(share: Fraction) -> str:
    """A share as percent."""
    return f"{brief(100 * share)} %"


# ------------------------------------------------------------------------------------------------------------- for everybody


def policy_sentences(old: Policy, new: Policy) -> Iterator[str]:
    """What two policies have that differs, as sentences; extensions concern single students and are told there."""
    if old.attempts is not new.attempts:
        yield f"The {new.attempts} attempt counts instead of the {old.attempts}."
    was, now = late_words(old.late), late_words(new.late)
    if was != now:
        yield f"Lateness: {now}, instead of {was}."
    for exercise in dict.fromkeys((None, *old.late.deadlines, *new.late.deadlines)):
        one, other = (late.deadlines.get(exercise) if exercise else late.deadline for late in (old.late, new.late))
        if one != other:
            yield f"The deadline{f' of {exercise}' if exercise else ''} is {_deadline(other)} instead of {_deadline(one)}."
    for exercise in dict.fromkeys((*old.weights, *new.weights)):
        weights = [policy.weights.get(exercise, Fraction(1)) for policy in (old, new)]
        if weights[0] != weights[1]:
            yield f"The weight of {exercise} is {brief(weights[1])} instead of {brief(weights[0])}."


def late_words(late: LatePolicy) -> str:
    """What lateness costs, in the words of ``[grading] late``."""
    parts = [f"{brief(late.percent_per_day)}%/day"] if late.percent_per_day else []
    parts += [f"{days(late.grace_days)} grace"] if late.grace_days else []
    parts += [f"cutoff {days(late.cutoff_days)}"] if late.cutoff_days is not None else []
    return ", ".join(parts) or "none"


def _deadline(time: datetime | None) -> str:
    return moment(time) if time else "none"


PointsTable = Mapping[str, Mapping[str, Mapping[str, int]]]


def points_sentences(old: PointsTable, new: PointsTable) -> Iterator[str]:
    """The checks whose points differ."""
    was, now = flat(old), flat(new)
    for exercise, function, check in dict.fromkeys((*was, *now)):
        one, other = was.get((exercise, function, check)), now.get((exercise, function, check))
        if one != other:
            what = "is gone" if other is None else f"counts {other} point{'s' * (other != 1)} instead of {'none' if one is None else one}"
            yield f"{exercise}, {function}, {_title(check)} {what}."


def flat(table: PointsTable) -> dict[tuple[str, str, str], int]:
    """The points by (exercise, function, check)."""
    return {
        (exercise, name, check): n for exercise, functions in table.items() for name, own in functions.items() for check, n in own.items()
    }
