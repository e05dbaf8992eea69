"""``grade override``: set a mark by hand, with a reason; it survives every regrading until it is withdrawn."""

from __future__ import annotations

import dataclasses
import difflib
import getpass
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.commands.options import course_option
from grader.commands.rescore import opened, store_option
from grader.marks.by_hand import by_hand
from grader.marks.diff import mark_of
from grader.marks.marking import full_points
from grader.marks.reasons import moment
from grader.marks.stored import MarksError
from grader.marks.total import brief
from grader.safe_text import safe_text

if TYPE_CHECKING:
    from grader.classwork import Override, Revision
    from grader.store import Store

MOST_NAMED = 8
POINTS = re.compile(r"-?\d{1,6}(?:\.\d{1,6})?|\d{1,6}/[1-9]\d{0,5}")


@click.command()
@click.argument("results", type=click.Path(path_type=Path, file_okay=False))
@click.argument("student", required=False)
@click.argument("exercise", required=False)
@click.argument("points", required=False)
@click.option("--reason", metavar="TEXT", help="Why; it is shown wherever the mark is explained.")
@click.option("--author", metavar="NAME", help="Who says so (default: who is logged in).")
@click.option("--force", is_flag=True, help="Allow points below 0 or above those of the exercise.")
@click.option("--withdraw", "withdrawn", type=int, metavar="ID", help="Take an override back; it stays on record.")
@click.option("--list", "listing", is_flag=True, help="List all overrides.")
@store_option
@course_option
def command(results: Path, url: str | None, course_root: Path | None, listing: bool, withdrawn: int | None, **wanted: Any) -> int:
    """Set the mark of STUDENT for EXERCISE to POINTS, such as 7.5 or 22/3. It replaces lateness and all, and counts with its weight.

    The marks become a new revision at once. No regrading changes an override; --withdraw ID ends it.
    """
    from grader.batch.publish import Publisher
    from grader.catalog import load_course
    from grader.marks.stored import newest_revision

    if not listing and withdrawn is None and None in (wanted["student"], wanted["exercise"], wanted["points"]):
        raise click.UsageError("Name STUDENT, EXERCISE and POINTS, or use --list or --withdraw ID.")
    with opened(results, url, read_only=listing) as store:
        if listing:
            show(store.overrides())
            return 0
        course, before = load_course(course_root), newest_revision(store)
        with store.together():
            made = withdraw(store, withdrawn) if withdrawn is not None else put(store, before, **wanted)
            number = store.put_revision(marked_again(store, before, made))
        kept = newest_revision(store, number)
        # A scorecard says what the checks found, which nobody overrides; and it may be signed.
        Publisher(store, results, course).publish_gradebook(kept)
    tell(made, before, kept)
    return 0


def put(
    store: Store, before: Revision, *, student: str, exercise: str, points: str, reason: str | None, author: str | None, force: bool
) -> Override:
    """Keep an override of a mark that there is."""
    expect_known("student", student, dict.fromkeys(mark.student for mark in before.marks))
    expect_known("exercise", exercise, before.points)
    value = parse_points(points, full_points(before.points[exercise]), force=force)
    if not reason or not reason.strip():
        raise click.UsageError("Say why with --reason TEXT: it is shown to those who ask about this mark.")
    return store.put_override(student=student, exercise=exercise, points=value, reason=reason.strip(), author=author or login())


def expect_known(what: str, name: str, known: Iterable[str]) -> None:
    """Refuse a name that is not there, with those that are like it."""
    names = list(known)
    if name not in names:
        near = difflib.get_close_matches(name, names, n=3)
        remedy = f"Did you mean {' or '.join(map(safe_text, near))}?" if near else f"There are {len(names)}: {_some(names)}."
        raise MarksError(f"these results have no {what} {safe_text(name)!r}", remedy=remedy)


def _some(names: list[str]) -> str:
    return ", ".join(map(safe_text, names[:MOST_NAMED])) + (", …" if len(names) > MOST_NAMED else "")


def parse_points(text: str, most: int, *, force: bool) -> Fraction:
    """Read points exactly: 7.5, 7,5 or 22/3."""
    plain = text.strip().replace(",", ".")
    if not POINTS.fullmatch(plain):
        raise click.UsageError(f"{text!r} is not a number of points, such as 7.5 or 22/3.")
    points = Fraction(plain)
    if not 0 <= points <= most and not force:
        raise click.UsageError(f"{text} is not between 0 and {most}, the points of this exercise; --force allows it.")
    return points


def login() -> str:
    """Who runs this, as far as the system says."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"


def withdraw(store: Store, number: int) -> Override:
    """Take an override back."""
    return store.withdraw_override(number)


def marked_again(store: Store, before: Revision, made: Override) -> Revision:
    """The newest marks with the one that an override concerns as it is now; no other one changes."""
    where = (made.student, made.exercise)
    mark = mark_of(before, *where)
    if mark is None:  # its student or exercise has gone since
        return dataclasses.replace(before, made_at=datetime.now(UTC), command="override")
    record = store.record(mark.record) if mark.record else None
    readable = mark.handin is not None and store.handin(mark.handin).digest is not None
    again = by_hand(before, store.overrides(), *where, record, readable=readable)
    marks = tuple(again if one is mark else one for one in before.marks)
    return dataclasses.replace(before, made_at=datetime.now(UTC), command="override", marks=marks)


def show(overrides: Iterable[Override]) -> None:
    """One line for each override, withdrawn ones too."""
    for one in overrides:
        gone = f"   withdrawn {moment(one.withdrawn_at)}" if one.withdrawn_at else ""
        what = f"{safe_text(one.student)}  {one.exercise}  {brief(one.points)}"
        click.echo(f"{one.id}  {what}  by {safe_text(one.author)}, {moment(one.made_at)}: {safe_text(one.reason)}{gone}")


def tell(made: Override, before: Revision, after: Revision) -> None:
    """What the mark was, and what it is."""
    was, now = (mark_of(revision, made.student, made.exercise) for revision in (before, after))
    if was is None or now is None:
        click.echo(f"override {made.id} changes none of the current marks")
        return
    done = "withdrawn" if made.withdrawn_at else "made"
    pending = " (pending)" if now.pending else ""
    change = f"{brief(was.final)} → {brief(now.final)} of {now.max_points}{pending}"
    click.echo(f"override {made.id} {done}: {safe_text(made.student)}, {made.exercise}: {change}; revision {after.id}")
