"""``grade rescore``: mark a class again from the stored outcomes, without running any code of a student."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.commands.guarding import guard, sign_option
from grader.commands.options import course_option

if TYPE_CHECKING:
    from grader.catalog import Course
    from grader.classwork import Policy, Revision
    from grader.marks.stored import KeysOf
    from grader.store import Store

# What the revisions of a service are called.
SERVED = "serve"
store_option = click.option("--store", "url", metavar="URL", help="Where everything is kept, if not in RESULTS/layerwise.db.")


@click.command()
@click.argument("results", type=click.Path(path_type=Path, file_okay=False))
@click.option("--attempts", type=click.Choice(["last", "best"]), help="Which attempt counts.")
@click.option("--late", metavar="POLICY", help='What lateness costs, such as "10%/day, 2 days grace, cutoff 5", or none.')
@click.option("--deadline", metavar="TIME", help="When the work was due, such as 2026-11-30T23:59+01:00.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
@sign_option
@store_option
@course_option
def command(results: Path, url: str | None, course_root: Path | None, dry_run: bool, **options: Any) -> int:
    """Mark the class in RESULTS again with today's points, weights, late policy and overrides.

    No student's code is run. The marks become a new revision, the old ones are kept, and what changed is shown. The policy is the table
    [grading] of course.toml; if the course has none, or the class is one of `grade serve`, the one of the last marking; options come before
    both.
    """
    from grader.batch.marking import keep
    from grader.batch.publish import Publisher
    from grader.catalog import load_course
    from grader.commands.check import report_width
    from grader.marks.diff import diff
    from grader.marks.diff_text import render_diff
    from grader.marks.stored import newest_revision, side_of

    course = load_course(course_root)
    signer = guard(course, options["sign"], sandbox="none")
    with opened(results, url, read_only=dry_run) as store:
        before = newest_revision(store)
        after, outdated = rescored(store, before, course, options)
        seen = render_diff(diff(side_of(store, before), side_of(store, after)), "text", width=report_width())
        if not dry_run:
            after = keep(store, after)
            Publisher(store, results, course, signer).publish(after)
    click.echo(seen, nl=False)
    tell(after, outdated, dry_run=dry_run)
    return 0


def opened(results: Path, url: str | None, *, read_only: bool) -> Any:
    """The store of a results folder; locked if it is to be written."""
    from grader.commands.batch import opened as opened_for_writing
    from grader.marks.stored import place_of
    from grader.store import Store

    place = place_of(results, url)
    return Store.open(place, read_only=True) if read_only else opened_for_writing(results, url)


def rescored(store: Store, before: Revision, course: Course, options: Mapping[str, Any]) -> tuple[Revision, int]:
    """The class marked by what `course` says today, for the exercises that were graded before."""
    from grader.catalog import load_checks
    from grader.marks import points_of, policy_with
    from grader.marks.stored import about_course, mark_again

    exercises = [exercise for exercise in course.exercises if exercise.name in before.points]
    points = points_of({exercise.name: load_checks(course, exercise) for exercise in exercises})
    policy = policy_with(policy_of(store, course, before), attempts=options["attempts"], late=options["late"], deadline=options["deadline"])
    keys_of = keys_today(store, course)
    return mark_again(store, before, points=points, policy=policy, keys_of=keys_of, command="rescore", **about_course(course))


def policy_of(store: Store, course: Course, before: Revision) -> Policy:
    """The policy of the course; where it has none, what its class was marked by, which may have come from options.

    That holds for the store of a service too: what staff set in its page stands over the course, and is in its revisions.
    """
    from grader.marks import read_policy

    if any(revision.command == SERVED for revision in store.revisions()):
        return before.policy
    return read_policy(course.grading, [exercise.name for exercise in course.exercises]) if course.grading else before.policy


def keys_today(store: Store, course: Course) -> KeysOf | None:
    """The keys that outcomes have by today's checks and engine, in the sandbox and with the limits of the last batch."""
    from grader.batch.marking import Keys, remembered_plan

    plan = remembered_plan(store, course)
    return Keys(plan).of if plan else None


def tell(revision: Revision, outdated: int, *, dry_run: bool) -> None:
    """What the marks do not say themselves, on stderr."""
    pending = sum(mark.pending for mark in revision.marks)
    if pending:
        click.echo(f"grade: {pending} marks are pending: there is no outcome for today's checks; `grade batch` goes on with them", err=True)
    if outdated:
        click.echo(
            f"grade: {outdated} outcomes come from older checks or another version of Layerwise; `grade batch` runs them again", err=True
        )
    click.echo("grade: nothing was written" if dry_run else f"grade: the marks are revision {revision.id} now", err=True)
