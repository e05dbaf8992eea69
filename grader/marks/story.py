"""The story of one mark: what was handed in, what counts, what was found, what was set by hand, and how the mark became what it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from grader.classwork import Attempts, Mark, Override, Record, Revision, StoredHandin
from grader.marks.diff import Change, mark_of
from grader.marks.late import due_at, extension_of, is_past_cutoff, kept_after, late_factor
from grader.marks.marking import Points, attempts_at, scored
from grader.marks.reasons import NO_OUTCOME, days, moment, percent
from grader.marks.total import brief, signed
from grader.model import CheckOutcome, FunctionOutcome, FunctionScore, Verdict
from grader.report.text import diagnosis_sentences
from grader.safe_text import safe_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """All that a story is told from.

    ``handins`` are all of one student, ``overrides`` all that were ever made; ``requirements`` are the sentences of the checks by exercise,
    function and check; ``record`` finds one by submission and exercise, ``record_of`` by its
    key, and ``failure`` what the machinery said. ``past`` are the
    revisions with the change that each brought to one mark. ``points_of`` gives the points of the checks of a record that is of others
    than the revision's.
    """

    revision: Revision
    handins: Sequence[StoredHandin]
    overrides: Sequence[Override]
    record: Callable[[str, str], Record | None]
    record_of: Callable[[str], Record | None]
    failure: Callable[[str, str], str] = lambda _digest, _exercise: ""
    requirements: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    past: Callable[[str], Sequence[tuple[Revision, Change]]] = lambda _exercise: ()
    points_of: Callable[[Record], Points | None] = lambda _record: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of a story: a heading and sentences."""

    title: str
    sentences: tuple[str, ...]


def tell(student: str, exercise: str, source: Source) -> tuple[Section, ...]:
    """Tell the story of the mark of a student for an exercise. The sentences hold no text that a terminal would act on."""
    mark = mark_of(source.revision, student, exercise)
    if mark is None:
        return ()
    parts = (
        (f"{exercise}: {_headline(mark)}", ()),
        ("handed in", _handed_in(mark, source)),
        ("what counts", _counts(mark, source)),
        ("the arithmetic", _arithmetic(mark, source)),
        ("points lost", _lost(mark, source)),
        ("set by hand", _by_hand(mark, source)),
        ("machinery", _machinery(mark, source)),
        ("how it became this", _past(exercise, source)),
    )
    told = [Section(title=title, sentences=tuple(map(safe_text, sentences))) for title, sentences in parts]
    return tuple(section for number, section in enumerate(told) if section.sentences or not number)


def _headline(mark: Mark) -> str:
    state = "pending, so far " if mark.pending else ""
    return f"{state}{brief(mark.final)} of {mark.max_points}"


def _handed_in(mark: Mark, source: Source) -> Iterator[str]:
    """Every hand-in ever, the first first."""
    attempts = attempts_at(mark.exercise, source.handins)
    for stored in attempts:
        handin, late = stored.handin, source.revision.policy.late
        time = moment(handin.submitted_at) if handin.submitted_at else "at an unknown time"
        lateness, _factor = late_factor(source.revision.policy, mark.exercise, mark.student, handin.submitted_at)
        parts = [f"attempt {handin.attempt}, {time}: {handin.source}"]
        parts += [f"{days(lateness)} late"] if lateness else []
        parts += ["after the cutoff"] if is_past_cutoff(late, lateness) else []
        parts += [f"cannot be read: {stored.error}"] if stored.digest is None else []
        parts += [] if stored.current else ["not in the newest collection, so it does not count"]
        parts += ["this one counts"] if stored.id == mark.handin else []
        yield ", ".join(parts)
    if not attempts:
        yield "Nothing was handed in."


def _counts(mark: Mark, source: Source) -> Iterator[str]:
    """Which attempt counts and why, with what the others would give."""
    current = [stored for stored in attempts_at(mark.exercise, source.handins) if stored.current]
    if len(current) < 2:
        return
    best = source.revision.policy.attempts is Attempts.BEST
    yield f"The {'best' if best else 'last'} attempt counts{'' if best else '; one after the cutoff does not replace an earlier one'}."
    for stored in current:
        value = _would_give(stored, mark, source)
        yield f"attempt {stored.handin.attempt} gives {'nothing yet, as it has no result' if value is None else brief(value)}"


def _would_give(stored: StoredHandin, mark: Mark, source: Source) -> Fraction | None:
    if stored.id == mark.handin and mark.record:
        return mark.points * mark.late_factor
    _days, factor = late_factor(source.revision.policy, mark.exercise, mark.student, stored.handin.submitted_at)
    if stored.digest is None:
        return Fraction(0)
    record = source.record(stored.digest, mark.exercise)
    found = scored(record.outcome, source.points_of(record) or _points(mark, source)) if record else None
    return found[0] * factor if found else None


def _points(mark: Mark, source: Source) -> Points:
    return source.revision.points.get(mark.exercise, {})


def _arithmetic(mark: Mark, source: Source) -> Iterator[str]:
    """From the points of the checks to what counts, with every number."""
    late = source.revision.policy.late
    if mark.handin is None:
        yield "What is not handed in gives 0 points."
    elif not mark.record and not mark.pending and mark.late_factor:
        yield "A hand-in that cannot be read gives 0 points."
    elif mark.record:
        yield f"The checks give {mark.points} points."
    due = due_at(late, mark.exercise, mark.student)
    if mark.late_days and due is not None:
        yield f"It was due {moment(due)}{_extended(mark, due, source)}: {days(mark.late_days)} late, counting each day begun."
        yield _price(mark, source)
    if mark.override is not None:
        yield f"It was set by hand to {brief(mark.final)}, whatever the checks and lateness give."
    elif mark.late_days and mark.record:
        yield f"{mark.points} × {percent(mark.late_factor)} = {brief(mark.final)}"
    weight = source.revision.policy.weights.get(mark.exercise, Fraction(1))
    if weight != 1:
        yield f"It counts {brief(weight)} times: {brief(mark.final)} × {brief(weight)} = {brief(mark.final * weight)} of the total."


def _extended(mark: Mark, due: datetime, source: Source) -> str:
    """What moved a deadline for this student alone, if anything did."""
    late = source.revision.policy.late
    deadline = late.deadlines.get(mark.exercise, late.deadline)
    if deadline is None or due == deadline:
        return ""
    if late.due_dates.get(mark.student, {}).get(mark.exercise) == due:
        return f" instead of {moment(deadline)}, by an extension"
    return f", with an extension of {days(extension_of(late, mark.exercise, mark.student))}"


def _price(mark: Mark, source: Source) -> str:
    """What the days late cost, spelled out."""
    late = source.revision.policy.late
    if is_past_cutoff(late, mark.late_days):
        return f"Nothing is accepted after {days(late.cutoff_days or 0)}, so 0 % is kept."
    charged = max(0, mark.late_days - late.grace_days)
    grace = f"{days(late.grace_days)} of grace leave {charged}: " if late.grace_days else ""
    floor = ", and not less than 0 %" if late.percent_per_day * charged > 100 else ""
    left = f"100 % − {charged} × {brief(late.percent_per_day)} % = {brief(100 - charged * late.percent_per_day)} %{floor}"
    return f"{grace}{left}; {percent(kept_after(late, mark.late_days))} is kept."


def _lost(mark: Mark, source: Source) -> Iterator[str]:
    """Every check that gave less than it could, with what it requires, what was seen, and the mistake if it has a name."""
    record = source.record_of(mark.record) if mark.record else None
    if record is None:
        return
    if record.outcome.message:
        yield record.outcome.message
    for function in record.outcome.functions:
        lost = [check for check in function.checks if check.verdict is not Verdict.ACCEPTED]
        for check in lost:
            yield from _lost_check(function.function, check, mark, source)
        if any(check.verdict is Verdict.WRONG_ANSWER for check in lost):
            yield from (f"{function.function}: {sentence}" for sentence in _named(function))


def _lost_check(function: str, check: CheckOutcome, mark: Mark, source: Source) -> Iterator[str]:
    value = _points(mark, source).get(function, {}).get(check.check, 0)
    if not value:
        return
    title = f"{function}, {check.check.replace('_', ' ')}"
    if check.verdict is Verdict.GRADER_ERROR:
        yield f"{title}: a fault of the grader, so its {value} points are not counted"
        return
    requirement = source.requirements.get((mark.exercise, function, check.check), "")
    seen = check.finding.message if check.finding else check.verdict.value.replace("_", " ")
    yield " ".join(part for part in (f"{title}: 0 of {value}.", requirement, seen) if part)


def _named(function: FunctionOutcome) -> Iterator[str]:
    score = FunctionScore(
        name=function.function, verdict=Verdict.WRONG_ANSWER, points=0, max_points=0, checks=(), diagnoses=function.diagnoses
    )
    return diagnosis_sentences(score)


def _by_hand(mark: Mark, source: Source) -> Iterator[str]:
    """All overrides, the oldest first."""
    for one in source.overrides:
        if (one.student, one.exercise) == (mark.student, mark.exercise):
            state = f"; withdrawn {moment(one.withdrawn_at)}" if one.withdrawn_at else "; in force" if one.id == mark.override else ""
            yield f"{moment(one.made_at)}, {one.author}: {brief(one.points)} points, because: {one.reason} (override {one.id}{state})"


def _machinery(mark: Mark, source: Source) -> Iterator[str]:
    """What failed on our side; it is never charged."""
    for stored in (one for one in attempts_at(mark.exercise, source.handins) if one.current and one.digest is not None):
        sentence = source.failure(stored.digest or "", mark.exercise)
        if sentence:
            yield f"attempt {stored.handin.attempt}: {sentence} This costs no points; `grade batch` tries again."
    if mark.pending:
        yield f"{NO_OUTCOME}. Until it has one, the mark is not final."


def _past(exercise: str, source: Source) -> Iterator[str]:
    """Each earlier change of the mark, and why."""
    for revision, change in source.past(exercise):
        was, now = (brief(mark.final) if mark else "nothing" for mark in (change.before, change.after))
        because = "; ".join(f"{f'{signed(reason.amount)} ' if reason.amount else ''}{reason.sentence}" for reason in change.reasons)
        yield f"revision {revision.id}, {moment(revision.made_at)}, {revision.command}: {was} → {now}. {because}"
