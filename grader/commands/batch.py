"""``grade batch``: grade a class into a results folder; the same command again goes on where it was."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.commands.guarding import guard, sign_option
from grader.commands.options import course_option, dask_option, dask_tls_option, expect_dask, read_tls, sandbox_option
from grader.errors import ExitCode
from grader.intake import LAYOUTS

if TYPE_CHECKING:
    from grader.batch.marking import BatchPlan
    from grader.batch.pool import Pool
    from grader.batch.publish import Publisher
    from grader.batch.run import Summary
    from grader.batch.worker import WorkerOptions
    from grader.catalog import Course
    from grader.classwork import Intake, Policy
    from grader.store import Store

CONTAINERS = ("warm", "submission")
FRESH_AFTER = 500


@click.command()
@click.argument("submissions", type=click.Path(path_type=Path))
@click.argument("exercises", nargs=-1, metavar="[EXERCISE]...")
@click.option("--out", "results", type=click.Path(path_type=Path), required=True, metavar="RESULTS", help="Where the results go.")
@click.option("--layout", type=click.Choice(["auto", *LAYOUTS]), default="auto", show_default=True, help="How SUBMISSIONS is laid out.")
@click.option("--roster", type=click.Path(path_type=Path), metavar="CSV", help="Who is in the class: ids, names, sections.")
@click.option("--times", type=click.Path(path_type=Path), metavar="CSV", help="When each work was handed in.")
@click.option("--timezone", default=None, metavar="ZONE", help="For times without a zone, such as Europe/Zurich.")
@click.option("--attempts", type=click.Choice(["last", "best"]), help="Which attempt counts (default: as course.toml says, else last).")
@click.option("--late", metavar="POLICY", help='What lateness costs, such as "10%/day, 2 days grace, cutoff 5".')
@click.option("--deadline", metavar="TIME", help="When the work was due, such as 2026-11-30T23:59+01:00.")
@click.option("--jobs", type=click.IntRange(1, 512), help="How many submissions are graded at once (default: one per core).")
@click.option("--containers", type=click.Choice(CONTAINERS), default="warm", show_default=True, help="Kept, or one per submission.")
@click.option("--image", metavar="NAME", help="For --sandbox docker: the image to run.")
@dask_option
@dask_tls_option
@click.option("--store", "url", metavar="URL", help="Keep everything in this database instead of RESULTS/layerwise.db.")
@click.option("--call-limit", type=click.FloatRange(0.1, 600), default=5.0, show_default=True, metavar="S", help="Seconds for one call.")
@click.option("--memory", type=click.IntRange(64, 65536), default=1024, show_default=True, metavar="MIB", help="Memory for submitted code.")
@click.option("--class-report/--no-class-report", default=True, show_default=True, help="Write class.html at the end.")
@click.option("-q", "--quiet", is_flag=True, help="Show only what needs a look.")
@sign_option
@sandbox_option
@course_option
def command(submissions: Path, exercises: tuple[str, ...], results: Path, **options: Any) -> int:
    """Grade a class: every work in SUBMISSIONS, into the folder RESULTS.

    SUBMISSIONS is a folder (a folder, zip, file, notebook or git clone per student) or the bulk download of Canvas, Moodle or Gradescope.
    It can be ended at any moment; the same command again continues. Exit codes: 0 all graded, 3 some could not be, 4 SUBMISSIONS cannot be
    read, 5 course broken, 6 no sandbox.
    """
    from grader.batch.marking import BatchPlan
    from grader.batch.publish import Publisher
    from grader.catalog import load_course
    from grader.model import Limits

    course = load_course(options["course_root"])
    signer = guard(course, options["sign"], sandbox=options["sandbox"])
    chosen = tuple(course.exercise(name).name for name in exercises) or tuple(exercise.name for exercise in course.exercises)
    limits = Limits(call_s=options["call_limit"], memory_mib=options["memory"])
    plan = BatchPlan(course=course, exercises=chosen, sandbox=options["sandbox"], limits=limits)
    policy = read_options(course, options)
    results.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="layerwise-") as scratch, opened(results, options["url"]) as store:
        intake = take_in(submissions, Path(scratch), options)
        publisher = Publisher(store, results, course, signer)
        try:
            summary = grade_class(plan, policy, publisher, intake, options)
        except KeyboardInterrupt:
            click.echo("What was graded is kept; the same command goes on where this one was.", err=True)
            raise
    return int(ExitCode.POINTS_LOST if summary.lost or summary.unreadable else ExitCode.FULL_MARKS)


def read_options(course: Course, options: dict[str, Any]) -> Policy:
    """The policy of the course, with what the command line says instead."""
    from grader.marks import policy_with, read_policy

    return policy_with(read_policy(course.grading), attempts=options["attempts"], late=options["late"], deadline=options["deadline"])


@contextlib.contextmanager
def opened(results: Path, url: str | None) -> Iterator[Store]:
    """The store of a results folder, locked: no second batch writes into it."""
    from grader.store import Store

    with Store.open(url or results / "layerwise.db") as store, store.lock():
        yield store


def take_in(submissions: Path, scratch: Path, options: dict[str, Any]) -> Intake:
    """Find every handed-in work, and say on stderr how the folder was read and what is odd in it."""
    from grader.intake import find_handins, read_roster, read_times
    from grader.safe_text import safe_text

    roster = read_roster(options["roster"]) if options["roster"] else ()
    times = read_times(options["times"], tz=options["timezone"]) if options["times"] else None
    intake = find_handins(submissions, layout=options["layout"], roster=roster, times=times, scratch=scratch, tz=options["timezone"])
    if not options["quiet"]:
        found = f"{len(intake.handins)} works of {len(intake.students)} students"
        click.echo(f"grade: {found}, layout {intake.layout}: {intake.reason}", err=True)
    for problem in intake.problems:
        click.echo(f"grade: {safe_text(problem.path)} {safe_text(problem.message)}", err=True)
    return intake


def grade_class(plan: BatchPlan, policy: Policy, publisher: Publisher, intake: Intake, options: dict[str, Any]) -> Summary:
    """Grade what is not known yet, mark everything, write the files, and say how it went."""
    from grader.analysis.write import PAGE, write_class_report
    from grader.batch.marking import mark_and_publish
    from grader.batch.progress import BatchProgress
    from grader.batch.run import ClassRun

    store, results = publisher.store, publisher.results
    with BatchProgress(quiet=options["quiet"]) as progress, opened_pool(plan, options) as pool:
        run = ClassRun(plan, store, progress, publisher)
        summary = run.run(intake, pool)
    before = [revision.id for revision in store.revisions()]
    revision = mark_and_publish(store, run.keys, policy, publisher, command="batch")
    if options["class_report"] and (summary.graded or revision.id not in before or not (results / PAGE).exists()):
        write_class_report(store, plan.course, results, revision)
    _report(progress.counted(), intake, revision, results, quiet=options["quiet"])
    return summary


@contextlib.contextmanager
def opened_pool(plan: Any, options: dict[str, Any]) -> Iterator[Pool]:
    """The workers, here or on a cluster."""
    from grader.batch.worker import WorkerOptions

    fresh_after = 1 if options["containers"] == "submission" else FRESH_AFTER
    how = WorkerOptions(
        course_root=options["course_root"], sandbox=plan.sandbox, limits=plan.limits, image=options["image"], fresh_after=fresh_after
    )
    pool = _cluster(how, options["address"], options["tls"]) if options["address"] else _local(how, options["jobs"])
    try:
        yield pool
    finally:
        pool.close()


def _local(how: WorkerOptions, jobs: int | None) -> Pool:
    from grader.batch.pool import LocalPool

    return LocalPool(how, jobs or os.cpu_count() or 1)


def _cluster(how: WorkerOptions, address: str, tls: str | None) -> Pool:
    expect_dask()
    from grader.batch.cluster import ClusterPool, Security

    files = read_tls(tls)
    pool = ClusterPool(how, address, Security(ca=files[0], certificate=files[1], key=files[2]) if files else None)
    if not pool.is_private:
        click.echo("grade: reference and seed travel to the workers unencrypted; use a tls:// address on a network of others", err=True)
    return pool


def _report(counts: str, intake: Intake, revision: Any, results: Path, *, quiet: bool) -> None:
    if quiet:
        return
    click.echo(f"grade: {counts or 'nothing to grade'}", err=True)
    if intake.missing:
        click.echo(f"grade: {len(intake.missing)} on the roster handed nothing in", err=True)
    click.echo(f"{results / 'gradebook.csv'}: revision {revision.id}")
