"""A comparison of marks for people, and for machines."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from grader.classwork import Mark, Revision
from grader.export.table import render_table
from grader.marks.diff import Change, Diff, Move, StudentChange
from grader.marks.reasons import Reason, moment
from grader.marks.total import Total, brief, shown, signed
from grader.report.paint import aligned, wrapped
from grader.safe_text import safe_text

WIDTH = 100
SIGNS = {Move.UP: "↑", Move.DOWN: "↓", Move.SAME: "=", Move.NEW: "+", Move.GONE: "-", Move.PENDING: "?"}
MOST_REASONS = 8
# These are counted even where nobody went there.
ALWAYS = (Move.UP, Move.DOWN, Move.SAME)


def render_diff(diff: Diff, output: str, *, width: int = WIDTH, verbose: bool = False) -> str:
    """Render a comparison as `output` says: ``text``, ``json`` or ``csv``."""
    if output == "text":
        return "".join(f"{line}\n" for line in _text(diff, width, verbose=verbose))
    return FORMATS[output](diff)


# ---------------------------------------------------------------------------------------------------------------------- text


def _text(diff: Diff, width: int, *, verbose: bool) -> Iterator[str]:
    yield from wrapped(f"{_revision(diff.old)} → {_revision(diff.new)}", indent=0, width=width)
    for note in diff.notes:
        yield from wrapped(f"· {safe_text(note)}", indent=2, width=width)
    yield ""
    for student in diff.students if verbose else diff.moved:
        yield from _student(student, width)
    if diff.moved or verbose:
        yield ""
    counts = ", ".join(f"{count} {move}" for move, count in diff.counts.items() if count or move in ALWAYS)
    yield f"{counts}; {len(diff.students)} in all"


def _revision(revision: Revision) -> str:
    return f"revision {revision.id} ({safe_text(revision.command)}, {moment(revision.made_at)})"


def _student(student: StudentChange, width: int) -> Iterator[str]:
    left = f"{SIGNS[student.move]} {safe_text(student.student)}   {_total(student.before)} → {_total(student.after)}"
    yield aligned(left, signed(student.amount) if student.amount else "", width)
    if student.move in (Move.NEW, Move.GONE):
        return
    for change in student.moved:
        left = f"    {change.exercise}   {_mark(change.before)} → {_mark(change.after)}"
        yield aligned(left, signed(change.amount) if change.amount else "", width)
        yield from _reasons(change.reasons, width)
    yield from _reasons(student.reasons, width)


def _reasons(reasons: tuple[Reason, ...], width: int) -> Iterator[str]:
    for reason in reasons[:MOST_REASONS]:
        amount = f"{signed(reason.amount)}  " if reason.amount else ""
        yield from wrapped(f"{amount}{reason.sentence}", indent=8, width=width)
    if len(reasons) > MOST_REASONS:
        rest = sum((reason.amount for reason in reasons[MOST_REASONS:]), Fraction(0))
        yield f"        {f'{signed(rest)}  ' if rest else ''}and {len(reasons) - MOST_REASONS} more reasons"


def _total(total: Total | None) -> str:
    if total is None:
        return "nothing"
    return f"{brief(total.points)}/{brief(total.max_points)}{' (pending)' if total.pending else ''}"


def _mark(mark: Mark | None) -> str:
    if mark is None:
        return "nothing"
    return f"{brief(mark.final)}/{mark.max_points}{' (pending)' if mark.pending else ''}"


# ------------------------------------------------------------------------------------------------------------------ machines


def _json(diff: Diff) -> str:
    document = {
        "old": _about(diff.old),
        "new": _about(diff.new),
        "notes": list(diff.notes),
        "counts": {move.value: count for move, count in diff.counts.items()},
        "students": [_student_document(student) for student in diff.students],
    }
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"


def _about(revision: Revision) -> dict[str, Any]:
    return {"revision": revision.id, "made_at": revision.made_at.isoformat(), "command": revision.command, "course": revision.course}


def _student_document(student: StudentChange) -> dict[str, Any]:
    return {
        "student": student.student,
        "move": student.move.value,
        "before": _decimal(student.before.points if student.before else None),
        "after": _decimal(student.after.points if student.after else None),
        "reasons": [_reason_document(reason) for reason in student.reasons],
        "exercises": [
            {
                "exercise": change.exercise,
                "move": change.move.value,
                "before": _decimal(change.before.final if change.before else None),
                "after": _decimal(change.after.final if change.after else None),
                "reasons": [_reason_document(reason) for reason in change.reasons],
            }
            for change in student.moved
        ],
    }


def _reason_document(reason: Reason) -> dict[str, Any]:
    return {"cause": reason.cause.value, "sentence": reason.sentence, "amount": _decimal(reason.amount)}


def _decimal(value: Fraction | None) -> float | None:
    """The float that is nearest to the two decimals that people see."""
    return None if value is None else float(shown(value))


def _csv(diff: Diff) -> str:
    head = ("student", "exercise", "move", "before", "after", "change", "reasons")
    changes = [change for student in diff.students for change in student.changes]
    return render_table([head, *(_row(change) for change in changes)])


def _row(change: Change) -> tuple[str, ...]:
    before, after = (shown(mark.final) if mark else "" for mark in (change.before, change.after))
    reasons = " ".join(reason.sentence for reason in change.reasons)
    return change.student, change.exercise, change.move.value, before, after, shown(change.amount), reasons


FORMATS: dict[str, Callable[[Diff], str]] = {"json": _json, "csv": _csv}
