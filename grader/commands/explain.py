"""``grade explain``: the story of one student's marks."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.options import course_option
from grader.commands.override import expect_known
from grader.commands.rescore import keys_today, opened, store_option
from grader.marks.diff import Change, Move, change_of
from grader.marks.reasons import Side
from grader.marks.stored import StoredOutcomes, newest_revision, used_keys
from grader.marks.story import Section, Source, tell
from grader.marks.total import brief, total_of
from grader.report.paint import wrapped
from grader.safe_text import safe_text

if TYPE_CHECKING:
    from grader.catalog import Course
    from grader.classwork import Record, Revision
    from grader.store import Store


@click.command()
@click.argument("results", type=click.Path(path_type=Path, file_okay=False))
@click.argument("student")
@click.argument("exercise", required=False)
@store_option
@course_option
def command(results: Path, url: str | None, course_root: Path | None, student: str, exercise: str | None) -> int:
    """Tell how each mark of STUDENT came about, or the one for EXERCISE.

    That is: what was handed in and when, which attempt counts and why, how late it was, every check that lost points, what was set by
    hand, and every change since.
    """
    from grader.catalog import load_course
    from grader.commands.check import report_width

    with opened(results, url, read_only=True) as store:
        revision = newest_revision(store)
        expect_known("student", student, dict.fromkeys(mark.student for mark in revision.marks))
        if exercise is not None:
            expect_known("exercise", exercise, revision.points)
        source = source_of(store, revision, student, load_course(course_root))
        click.echo(f"{headline(revision, student)}\n")
        for name in [exercise] if exercise else revision.points:
            for line in render(tell(student, name, source), report_width()):
                click.echo(line)
    return 0


def headline(revision: Revision, student: str) -> str:
    """Who, and how much altogether."""
    total = total_of(student, [mark for mark in revision.marks if mark.student == student], revision.policy.weights)
    pending = ", not final" if total.pending else ""
    points = f"{brief(total.points)} of {brief(total.max_points)} ({brief(total.percent)} %{pending})"
    return f"{safe_text(student)}: {points}, revision {revision.id}"


def source_of(store: Store, revision: Revision, student: str, course: Course) -> Source:
    """What is known of a student, from the store and the course."""
    handins = [stored for stored in store.handins() if stored.handin.student == student]
    keys_of = keys_today(store, course)
    outcomes = StoredOutcomes(store, handins, tuple(revision.points), keys_of, used_keys(revision, handins))
    failures = store.failures()

    def record(digest: str, exercise: str) -> Record | None:
        found = outcomes.get((digest, exercise))
        return store.record(found.key) if found else None

    return Source(
        revision=revision,
        handins=handins,
        overrides=store.overrides(),
        record=record,
        record_of=store.record,
        failure=lambda digest, exercise: failures.get(keys_of(digest).get(exercise, ""), "") if keys_of else "",
        requirements=requirements_of(course, revision),
        past=functools.partial(past_of, sides_of(store, student), student),
    )


def requirements_of(course: Course, revision: Revision) -> dict[tuple[str, str, str], str]:
    """What each check requires, in its own words."""
    from grader.catalog import load_checks

    exercises = [exercise for exercise in course.exercises if exercise.name in revision.points]
    return {
        (exercise.name, check.function, check.name): check.requirement for exercise in exercises for check in load_checks(course, exercise)
    }


def sides_of(store: Store, student: str) -> list[Side]:
    """All revisions, the oldest first, with the marks of one student alone: a term of them would not fit into memory otherwise."""
    import dataclasses

    handins = {stored.id: stored for stored in store.handins() if stored.handin.student == student}
    overrides = {override.id: override for override in store.overrides()}
    sides = []
    for number in [one.id for one in store.revisions()]:
        whole = newest_revision(store, number)
        own = dataclasses.replace(whole, marks=tuple(mark for mark in whole.marks if mark.student == student))
        sides.append(Side(revision=own, record=store.record, handins=handins, overrides=overrides))
    return sides


def past_of(sides: Sequence[Side], student: str, exercise: str) -> list[tuple[Revision, Change]]:
    """The revisions that changed a mark, the oldest first."""
    return list(_changes(sides, student, exercise))


def _changes(sides: Sequence[Side], student: str, exercise: str) -> Iterator[tuple[Revision, Change]]:
    for old, new in itertools.pairwise(sides):
        change = change_of(student, exercise, old, new)
        if change is not None and (change.move is not Move.SAME or change.reasons):
            yield new.revision, change


def render(story: Sequence[Section], width: int) -> Iterator[str]:
    """A story as lines: the first heading alone, each further one over its sentences."""
    for number, section in enumerate(story):
        yield f"{'  ' if number else ''}{section.title}"
        for sentence in section.sentences:
            first, *rest = wrapped(sentence, indent=6, width=width)
            yield from (f"    · {first.lstrip()}", *rest)
    yield ""
