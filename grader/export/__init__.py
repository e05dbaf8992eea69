"""Marks in the forms that courses need: pure functions from the values of a class to text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from grader.export.canvas import write_canvas
from grader.export.classroom50 import render_classroom50, write_classroom50
from grader.export.github import render_annotations, write_github
from grader.export.gradebook import render_gradebook
from grader.export.gradescope import not_written, render_gradescope, write_gradescope
from grader.export.junit import render_junit, write_junit
from grader.export.moodle import write_moodle
from grader.export.results import ClassResults, Document, ExportError, left_out

__all__ = ["EXPORTS", "RENDERED", "ClassResults", "Export", "ExportError", "Setting", "render_one"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A form of a class's results.

    ``writer`` gives names of files and their texts, one at a time; ``many`` says that they are a folder. ``notes`` gives sentences about
    what is not in them.
    """

    description: str
    writer: Callable[[ClassResults], Iterator[tuple[str, str]]]
    many: bool = False
    notes: Callable[[ClassResults], Iterable[str]] = lambda _results: ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What surrounds a single submission: the environment, and the path of its folder inside of the repository."""

    environ: Mapping[str, str] = field(default_factory=dict)
    folder: str = ""


def _write_gradebook(results: ClassResults) -> Iterator[tuple[str, str]]:
    yield "gradebook.csv", render_gradebook(results.students, results.revision)


EXPORTS: dict[str, Export] = {
    "gradebook": Export(description="one CSV for people: every mark, the total, what is special", writer=_write_gradebook),
    "canvas": Export(description="a CSV that Canvas's gradebook imports", writer=write_canvas, notes=left_out),
    "moodle": Export(description="Moodle's grading worksheet, or a CSV for its gradebook", writer=write_moodle, notes=left_out),
    "gradescope": Export(
        description="results.json of every submission; or an autograder", writer=write_gradescope, many=True, notes=not_written
    ),
    "junit": Export(description="JUnit XML of every submission, for Jenkins, GitLab and others", writer=write_junit, many=True),
    "github": Export(description="annotations and a step summary of every submission, for GitHub Actions", writer=write_github, many=True),
    "classroom50": Export(
        description="classroom50/result/v1 of every submission", writer=write_classroom50, many=True, notes=not_written
    ),
}

# The forms that a single submission has, as in `grade check --format`.
RENDERED: dict[str, Callable[[Document, Setting], str]] = {
    "junit": lambda document, _setting: render_junit(document),
    "github": lambda document, setting: render_annotations(document, folder=setting.folder),
    "gradescope": lambda document, _setting: render_gradescope(document),
    "classroom50": lambda document, setting: render_classroom50(document, setting.environ),
}


def render_one(name: str, document: Document, setting: Setting | None = None) -> str:
    """Render one scorecard document in one of the forms of ``RENDERED``."""
    return RENDERED[name](document, setting or Setting())
