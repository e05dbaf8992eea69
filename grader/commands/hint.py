"""``grade hint``: one more hint."""

from __future__ import annotations

import contextlib
import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.check import report_width
from grader.commands.naming import function_named
from grader.commands.options import course_option, sandbox_option

if TYPE_CHECKING:
    from grader.catalog import Course, Exercise, FunctionSpec
    from grader.grading import Grader
    from grader.model import Scorecard, Submission
    from grader.progress import Journal, Progress
    from grader.report.first import FirstThing

HERE = Path()


@click.command()
@click.argument("name", required=False, default="", metavar="[FUNCTION]")
@sandbox_option
@course_option
def command(name: str, sandbox: str, course_root: Path | None) -> None:
    """Give one more hint about a function, in the folder where you work.

    FUNCTION is a name such as batchnorm_forward or batchnorm.batchnorm_forward. Without one, or with the name of an exercise, it is the
    first thing to mend. Hints go from a question to nearly the line of code; none is a finished solution.
    """
    from grader.catalog import find_course

    course = find_course(course_root)
    exercise, spec = function_named(course, name) if name else (None, None)
    if spec is not None and exercise is not None:
        broken = find_broken(course, exercise, spec, sandbox)
        if broken:
            say(f"first: {broken} Correct that first.")
            return
    else:
        first = find_first(course, exercise, sandbox)
        if first is None:
            click.echo(f"Nothing is left to correct{f' in {exercise.name}' if exercise else ''}.")
            return
        if not first.function:
            step = "`grade start .` writes the stubs that are missing." if first.is_missing else "Correct that first."
            say(f"{first.sentence} {step}")
            return
        say(f"first: {first.sentence}")
        exercise, spec = function_named(course, f"{first.exercise}.{first.function}")
    give_hint(course, exercise, spec or exercise.functions[0])


def find_first(course: Course, exercise: Exercise | None, sandbox: str) -> FirstThing | None:
    """Grade the current folder, or one exercise of it, and find what to mend first."""
    from grader.grading import Grader
    from grader.report.first import first_to_mend
    from grader.submission import load_submission

    return first_to_mend(grade_with(Grader(course), load_submission(HERE), (exercise.name,) if exercise else (), sandbox))


def grade_with(grader: Grader, submission: Submission, exercises: tuple[str, ...], sandbox: str) -> Scorecard:
    """Grade a submission in a sandbox that is open no longer than that takes."""
    from grader.grading import grade_submission
    from grader.sandbox.open import open_sandbox

    with contextlib.closing(open_sandbox(sandbox, extra_modules=grader.course.modules)) as box:
        return grade_submission(submission, box, grader=grader, exercises=exercises)


def find_broken(course: Course, exercise: Exercise, spec: FunctionSpec, sandbox: str) -> str:
    """What keeps the file of a function from being loaded; empty if nothing does, or if it cannot be tried."""
    from grader.errors import SandboxError
    from grader.grading import Grader
    from grader.regrade import place_of
    from grader.report.first import OPEN, is_told_whole
    from grader.safe_text import safe_text
    from grader.submission import load_submission

    submission = load_submission(HERE)
    if place_of(course, exercise, submission)[0] is None:
        return ""
    try:
        card = grade_with(Grader(course, frozenset({spec.name}), explains=False), submission, (exercise.name,), sandbox)
    except SandboxError:
        # A hint that cannot be held back is better than none.
        return ""
    return next((safe_text(one.message) for one in card.exercises if one.verdict not in OPEN and is_told_whole(one)), "")


def give_hint(course: Course, exercise: Exercise, spec: FunctionSpec) -> None:
    """Print the next hint, and remember that it was given; all of them again once all were."""
    key = f"{exercise.name}.{spec.name}"
    if not spec.hints:
        say(f"The course has no hints for {key}. → next: grade show {key}   (what is required)")
        return
    journal = journal_here(course)
    given = (journal.read() or _nothing()).hints.get(key, 0)
    complain(journal)
    if given >= len(spec.hints):
        click.echo(f"{key}: all {len(spec.hints)} hints have been given.")
        for number, hint in enumerate(spec.hints, 1):
            say(f"{number}. {hint}", indent=2)
        click.echo(f"→ next: grade show {key}   (what is required)")
        return
    click.echo(f"{key}, hint {given + 1} of {len(spec.hints)}")
    say(spec.hints[given], indent=2)
    kept = journal.change(lambda progress: dataclasses.replace(progress, hints={**progress.hints, key: given + 1}))
    if not kept:
        text = (
            "grade: there is no work of this course in this folder, so hints are not counted and you get the first one each time. "
            "Go to the folder of your work for the next hint."
        )
        click.echo(text, err=True)


def journal_here(course: Course) -> Journal:
    """The journal of the current folder if it holds work of the course, else one that forgets."""
    from grader.progress import Journal, is_own_place
    from grader.regrade import place_of
    from grader.submission import load_submission

    submission = load_submission(HERE)
    holds_work = any(is_own_place(course, one.name, place_of(course, one, submission)[0]) for one in course.exercises)
    return Journal(HERE if holds_work else None, course)


def complain(journal: Journal) -> None:
    """Say once what was wrong with what was remembered."""
    if journal.complaint:
        click.echo(f"grade: {journal.complaint}", err=True)
        journal.complaint = ""


def say(text: str, *, indent: int = 0) -> None:
    """Print a sentence in lines that fit the terminal."""
    from grader.report.paint import wrapped

    for line in wrapped(text, indent=indent, width=report_width()):
        click.echo(line)


def _nothing() -> Progress:
    from grader.progress import Progress

    return Progress()
