"""Check what is defined in a running notebook: ``layerwise.check("batchnorm")`` in a cell shows its scorecard below it.

What is graded is the source of the cells that have been run, in their order, as if the notebook had been handed in: in the sandbox, with
nothing of the kernel but that text. Functions of a module beside the notebook count as well.
"""

from __future__ import annotations

import difflib
import functools
import hashlib
import inspect
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.cells import join_cells
from grader.errors import SandboxError, SubmissionError
from grader.model import Limits, Scorecard, SourceFile, Submission, View
from grader.submission.candidate import Bounds, Unusable, is_hidden
from grader.submission.folder import read_regular
from grader.submission.text import decode_source

if TYPE_CHECKING:
    from grader.catalog import Course, Exercise
    from grader.grading import Grader
    from grader.sandbox import Sandbox

NOTEBOOK = "notebook.ipynb"
OURS = frozenset({"grader", "layerwise"})
PRINTED_WIDTH = 100

__all__ = ["Checked", "check", "load_ipython_extension"]


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """A scorecard that shows itself: as HTML in a notebook, as text elsewhere. ``card`` is the scorecard."""

    card: Scorecard
    verbose: bool = False

    @property
    def points(self) -> int:
        """The points earned."""
        return self.card.points

    @property
    def max_points(self) -> int:
        """The points that there are to earn."""
        return self.card.max_points

    def _repr_html_(self) -> str:
        from grader.report.html import render_html

        return render_html(self.card, view=View.STUDENT, verbose=self.verbose)

    def __repr__(self) -> str:
        from grader.report.text import render_text

        return render_text(self.card, view=View.STUDENT, verbose=self.verbose, width=PRINTED_WIDTH).rstrip("\n")


def check(
    *targets: str | Callable[..., Any],
    course: str | os.PathLike[str] | None = None,
    sandbox: str | None = None,
    limits: Limits | None = None,
    verbose: bool = False,
) -> Checked:
    """Grade the functions that this notebook defines.

    Parameters
    ----------
    targets
        Names of exercises (``"batchnorm"``) or of functions, or functions themselves (``check(relu_forward)``). Without any, every
        exercise that the notebook has a function of.
    course
        The folder of a course; if None, the student kit of the current folder, else the one that comes with Layerwise.
    sandbox
        ``"process"``, ``"docker"`` or ``"plain"``. If None, the process sandbox where there is one, else the plain one: this code is
        your own, and has run in this kernel already. The scorecard says which.
    limits
        What each exercise may use.
    verbose
        Whether to show the checks that passed as well.

    Raises
    ------
    SubmissionError
        If there is nothing to grade, or no exercise or function of that name.
    CourseError, SandboxError
        If the course is broken, or the sandbox that was named cannot be opened.
    """
    from grader.catalog import find_course

    with _undisturbed():
        chosen = find_course(None if course is None else Path(course))
        submission = collect([target for target in targets if callable(target)])
        exercises, only = _targets(chosen, submission, targets)
        grader = _grader(chosen, frozenset(only))
        return Checked(_grade(grader, submission, exercises, sandbox, limits or Limits()), verbose)


def load_ipython_extension(shell: Any) -> None:
    """Add the line magic ``%grade``, by ``%load_ext layerwise``: ``%grade batchnorm`` is ``layerwise.check("batchnorm")``."""

    def grade(line: str) -> Checked:
        """Grade exercises or functions by name, or all that this notebook defines."""
        return check(*line.split())

    shell.register_magic_function(grade, magic_kind="line", magic_name="grade")


# ------------------------------------------------------------------------------------------------------------------ collecting


def collect(functions: list[Callable[..., Any]], shell: Any = None) -> Submission:
    """Make a submission of the cells that have been run and of the modules beside the notebook that they have imported.

    `functions` are graded too where they come from: in a module elsewhere, or, outside of IPython, in a script.
    """
    shell = shell if shell is not None else _shell()
    here = Path.cwd()
    texts = dict(_modules_below(here))
    for function in functions:
        texts |= _module_of(function, here)
    cells = _cells_run(shell)
    if cells:
        texts[NOTEBOOK] = join_cells(cells)
    if not texts:
        raise SubmissionError("no cell has been run that could be graded", remedy="Run the cells that define your functions first.")
    size = sum(len(text) for text in texts.values())
    if size > Bounds().total_bytes:
        remedy = "Restart the kernel and run all cells."
        raise SubmissionError(f"the cells run so far have {size / 2**20:.1f} MiB of code, which is too much", remedy=remedy)
    files = tuple(_source(path, text) for path, text in sorted(texts.items()))
    digest = hashlib.sha256("".join(f"{file.path}\0{file.sha256}\n" for file in files).encode()).hexdigest()
    return Submission(name="this notebook" if cells else here.name or "submission", files=files, digest=f"sha256:{digest}")


def _source(path: str, text: str) -> SourceFile:
    data = text.encode("utf-8", "replace")
    return SourceFile(path=path, text=data.decode(), sha256=hashlib.sha256(data).hexdigest(), size=len(data))


def _shell() -> Any:
    """The IPython that this runs in, or None. It is never imported for that: where it runs, it is there."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


def _cells_run(shell: Any) -> list[tuple[int, str]]:
    """The cells that have been run, each under the number that it bears; one that was run again unchanged counts where it was last."""
    history = getattr(getattr(shell, "history_manager", None), "input_hist_raw", None)
    if history is None:
        history = getattr(shell, "user_ns", {}).get("In", [])
    last = {str(source): number for number, source in enumerate(history) if str(source).strip()}
    return sorted((number, source.replace("\r\n", "\n").replace("\r", "\n")) for source, number in last.items())


def _modules_below(folder: Path) -> Iterator[tuple[str, str]]:
    """The modules in use that lie in the notebook's folder or below it, as they are on disk now."""
    for name, module in sorted(sys.modules.copy().items()):
        path = Path(getattr(module, "__file__", None) or "/")
        is_own = path.suffix == ".py" and path.is_relative_to(folder) and name.partition(".")[0] not in OURS
        # Who works in their home may have all of Python below it.
        installed = any(path.is_relative_to(prefix) for prefix in {sys.prefix, sys.base_prefix} if not folder.is_relative_to(prefix))
        if is_own and not installed and not any(is_hidden(part) for part in path.relative_to(folder).parts):
            yield from _read(path, path.relative_to(folder).as_posix())


def _module_of(function: Callable[..., Any], folder: Path) -> dict[str, str]:
    """The file in which a function is defined, unless that is the notebook."""
    try:
        path = Path(inspect.getsourcefile(inspect.unwrap(function)) or "")
    except (TypeError, ValueError):
        return {}
    # IPython gives every cell a file name of its own, which is in no folder of the user's.
    if not path.is_file() or (getattr(function, "__module__", "") == "__main__" and _shell() is not None):
        return {}
    return dict(_read(path, path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name))


def _read(path: Path, shown: str) -> Iterator[tuple[str, str]]:
    try:
        yield shown, decode_source(read_regular(path, Bounds().file_bytes))
    except Unusable as error:
        warnings.warn(f"{shown} {error}", stacklevel=2)


# -------------------------------------------------------------------------------------------------------------------- choosing


def _targets(course: Course, submission: Submission, targets: tuple[str | Callable[..., Any], ...]) -> tuple[list[str], list[str]]:
    """The names of the exercises to grade, and of the functions if not all of them are wanted."""
    from grader.locate import locate, names_of

    by_function: dict[str, tuple[Exercise, str]] = {}
    for exercise in course.exercises:
        for name, function in names_of(exercise).items():
            by_function.setdefault(name, (exercise, function))
    known = [exercise.name for exercise in course.exercises]
    if not targets:
        there = [exercise.name for exercise in course.exercises if locate(exercise, submission, _others(course, exercise))[0] is not None]
        if not there:
            raise SubmissionError(
                "no cell that has been run defines a function of the course", remedy=f"Its exercises: {', '.join(known)}."
            )
        return there, []
    exercises: list[str] = []
    only: list[str] = []
    for target in targets:
        name = target if isinstance(target, str) else getattr(target, "__name__", type(target).__name__)
        if name in known and isinstance(target, str):
            exercises.append(name)
            only += [function.name for function in course.exercise(name).functions]
        elif name in by_function:
            exercises.append(by_function[name][0].name)
            only.append(by_function[name][1])
        else:
            near = difflib.get_close_matches(name, [*known, *by_function], n=1)
            remedy = f"Did you mean {near[0]}?" if near else f"Its exercises: {', '.join(known)}."
            raise SubmissionError(f"the course has no exercise and no function {name!r}", remedy=remedy)
    return list(dict.fromkeys(exercises)), only


def _others(course: Course, exercise: Exercise) -> list[str]:
    return [path for other in course.exercises if other.name != exercise.name for path in other.paths]


# --------------------------------------------------------------------------------------------------------------------- grading


@functools.lru_cache(maxsize=8)
def _kept(_root: Path, _digest: str, _seed: bytes, _only: frozenset[str]) -> list[Grader]:
    """A place for the grader of a course in one state, since a cell is checked again and again."""
    return []


def _grader(course: Course, only: frozenset[str]) -> Grader:
    from grader.grading import Grader

    kept = _kept(course.root, course.digest, course.seed, only)
    if not kept:
        kept.append(Grader(course, only))
    return kept[0]


def _grade(grader: Grader, submission: Submission, exercises: list[str], kind: str | None, limits: Limits) -> Scorecard:
    from grader.grading import grade_submission

    try:
        box = _open(kind or "process", grader.course, limits)
        try:
            return grade_submission(submission, box, grader=grader, exercises=exercises, limits=limits)
        finally:
            box.close()
    except SandboxError:
        if kind is not None:
            raise
    box = _open("plain", grader.course, limits)
    try:
        return grade_submission(submission, box, grader=grader, exercises=exercises, limits=limits)
    finally:
        box.close()


def _open(kind: str, course: Course, limits: Limits) -> Sandbox:
    from grader.sandbox.open import open_sandbox

    return open_sandbox(kind, extra_modules=course.modules, limits=limits)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Plan as the command does, whatever the notebook has told NumPy and Python to do about a division by zero."""
    import numpy as np

    with warnings.catch_warnings(), np.errstate(divide="warn", over="warn", under="ignore", invalid="warn"):
        warnings.simplefilter("default")
        yield
