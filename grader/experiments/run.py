"""Run an experiment twice: with the reference's functions in this process, and with the student's in the sandbox."""

from __future__ import annotations

import functools
import types
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from grader.catalog import Course, Exercise, load_experiment_program, load_reference
from grader.cells import is_notebook, program, script_program
from grader.errors import CourseError
from grader.experiments.answers import Asked, read_drawn
from grader.experiments.load import TREE, exercise_of
from grader.experiments.model import Arrays, Experiment, ExperimentResult, Part
from grader.locate import locate, names_of
from grader.model import Ending, Job, Limits, Run, Submission
from grader.safe_text import safe_text
from grader.sandbox.inside import codec, request

if TYPE_CHECKING:
    from grader.sandbox import Sandbox

# One part, its training loop and all; the reference takes less than 3 s.
LIMITS = Limits(call_s=30.0, exercise_s=40.0, cpu_s=45)
# What a part may give: enough for every picture, and little enough for a page.
MAX_NUMBERS = 20_000
REPLY_BYTES = 64 * 1024
# The generator that old code draws from starts alike on both sides.
SEED = 20


def run_experiment(
    course: Course, experiment: Experiment, submission: Submission, sandbox: Sandbox, limits: Limits = LIMITS
) -> ExperimentResult:
    """Run every part of an experiment with the functions of a submission and with those of the reference.

    Each part is a job of its own: a function that is missing, raises or never returns costs the parts that need it, and no other.

    Raises
    ------
    CourseError
        If the experiment does not run with the reference.
    SandboxError
        If the sandbox cannot start.
    """
    reference = {part.name: run_reference(course, experiment, part) for part in experiment.parts}
    student = _Student(course, submission, sandbox, limits)
    yours = {part.name: student.run(experiment, part, reference[part.name]) for part in experiment.parts}
    return ExperimentResult(experiment=experiment, yours=yours, reference=reference)


# ---------------------------------------------------------------------------------------------------------------- the reference


@functools.lru_cache(maxsize=512)
def run_reference(course: Course, experiment: Experiment, part: Part) -> Arrays:
    """The arrays of a part with the reference's functions, read-only; remembered as long as the process lives.

    Raises
    ------
    CourseError
        If it fails, or gives something else than a few thousand real numbers in named arrays.
    """
    needed = {name: getattr(load_reference(course, exercise_of(course, name)), name) for name in part.needs}
    module = load_experiment_program(course, experiment.name)
    state = np.random.get_state()
    try:
        np.random.seed(SEED)
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            found = module.run(part.name, types.SimpleNamespace(**needed), load_data(course, experiment))
    except Exception as error:
        raise CourseError(
            f"{TREE}/{experiment.name}.py fails with the reference in the part {part.name}: {type(error).__name__}: {error}"
        ) from error
    finally:
        np.random.set_state(state)
    return _accepted(found, experiment, part)


def _accepted(found: Arrays, experiment: Experiment, part: Part) -> Arrays:
    where = f"{TREE}/{experiment.name}.py gives in the part {part.name}"
    arrays: Arrays = {}
    for key, value in found.items():
        array = np.array(value)
        if array.dtype.kind not in "fiu":
            raise CourseError(f"{where} {key!r} as {array.dtype}, which is not a real number")
        array = array.astype(np.float64 if array.dtype.kind == "f" else np.int64)
        array.setflags(write=False)
        arrays[key] = array
    if sum(array.size for array in arrays.values()) > MAX_NUMBERS:
        raise CourseError(f"{where} more than {MAX_NUMBERS} numbers")
    drawn = [series for panel in experiment.panels for series in panel.series if series.part == part.name]
    for key in [key for one in drawn for key in (one.key, one.x_key, one.row_key) if key]:
        if key not in arrays:
            raise CourseError(f"{where} no {key!r}, which a panel draws")
    return arrays


def load_data(course: Course, experiment: Experiment) -> Arrays:
    """The arrays of the data of an experiment, fresh ones for every caller."""
    if not experiment.data:
        return {}
    return {name: array.copy() for name, array in _data(course.root / TREE / experiment.data).items()}


@functools.lru_cache(maxsize=4)
def _data(path: Path) -> Arrays:
    try:
        with np.load(path, allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except (OSError, ValueError) as error:
        raise CourseError(f"{path} cannot be read: {error}") from error


# ------------------------------------------------------------------------------------------------------------------ the student


@dataclass(slots=True)
class _Student:
    """One submission, and what was learned of it: which functions returned, and among which is one that did not."""

    course: Course
    submission: Submission
    sandbox: Sandbox
    limits: Limits
    places: dict[str, tuple[str | None, str]] = field(default_factory=dict)
    returned: set[str] = field(default_factory=set)
    hopeless: list[frozenset[str]] = field(default_factory=list)

    def run(self, experiment: Experiment, part: Part, reference: Arrays) -> Arrays | str:
        """The arrays of one part, or a sentence."""
        exercises = {name: exercise_of(self.course, name) for name in part.needs}
        for name, exercise in exercises.items():
            path, reason = self.place(exercise)
            if path is None:
                return f"Not drawn: {safe_text(reason).rstrip('.')}, where {name} should be."
        for suspects in self.hopeless:
            if suspects - self.returned and suspects - self.returned <= set(part.needs):
                return f"Not drawn: {' or '.join(sorted(suspects - self.returned))} did not return in an earlier part."
        needs = [(name, _names(exercise, name), str(self.place(exercise)[0])) for name, exercise in exercises.items()]
        frames = _frames(experiment, part, needs, self.texts(exercises.values()), load_data(self.course, experiment), _bytes_of(reference))
        outcome = self.ask(frames, _bytes_of(reference))
        if outcome.ending in (Ending.OUT_OF_TIME, Ending.OUT_OF_CPU) and outcome.replies:
            self.hopeless.append(frozenset(part.needs))
        unseen = tuple(name for name in part.needs if name not in self.returned) or part.needs
        read = read_drawn(outcome, Asked(part=part, submission=self.submission, limits=self.limits, suspects=unseen), reference)
        if not isinstance(read, str):
            self.returned |= set(part.needs)
        return read

    def place(self, exercise: Exercise) -> tuple[str | None, str]:
        """Where the submission has an exercise, or why nowhere, as grading finds it."""
        if exercise.name not in self.places:
            others = [path for other in self.course.exercises if other is not exercise for path in other.paths]
            self.places[exercise.name] = locate(exercise, self.submission, others)
        return self.places[exercise.name]

    def texts(self, exercises: Iterable[Exercise]) -> dict[str, str]:
        """The files that the worker gets: all modules, and those that are needed as what their functions need of them."""
        files = {file.path: file.text for file in self.submission.files if not is_notebook(file.path)}
        wanted: dict[str, set[str]] = {}
        for exercise in exercises:
            path = str(self.place(exercise)[0])
            wanted.setdefault(path, set()).update(names_of(exercise))
        for path, names in wanted.items():
            file = self.submission.file(path)
            if file is not None:
                files[path] = (program if is_notebook(path) else script_program)(path, file.text, names)
        return files

    def ask(self, frames: tuple[bytes, ...], expected_bytes: int) -> Run:
        """Run one job; a sandbox that is lost through no fault of the job's gets a second chance."""
        job = Job(frames=frames, reply_bytes=(REPLY_BYTES, 2 * expected_bytes + REPLY_BYTES, REPLY_BYTES), limits=self.limits)
        run = self.sandbox.run(job)
        if run.ending is Ending.LOST:
            self.sandbox.restart()
            run = self.sandbox.run(job)
        return run


def _names(exercise: Exercise, function: str) -> tuple[str, ...]:
    return (function, *exercise.aliases[function])


def _bytes_of(arrays: Arrays) -> int:
    return sum(array.nbytes for array in arrays.values())


def _frames(
    experiment: Experiment,
    part: Part,
    needs: Sequence[tuple[str, tuple[str, ...], str]],
    files: dict[str, str],
    data: Arrays,
    expected_bytes: int,
) -> tuple[bytes, ...]:
    """What the worker is asked: load the program of the experiment beside the submission, draw, and say which function was called last."""
    main = "layerwise_experiment.py"
    while main in files:
        main = f"_{main}"
    runner = Path(__file__).with_name("part_runner.py").read_text(encoding="utf-8")
    # Under a name that is no file's, so that the place of an exception is always one of the student's.
    start = f"exec(compile({runner!r}, '<runner>', 'exec', dont_inherit=True))"
    files[main] = f"{start}\ndraw, last = prepare({experiment.text!r}, {tuple(needs)!r}, __package__)\n"
    # Twice what the reference gives, so that a wrong shape can still be told from a flood.
    draw: tuple[object, ...] = (0, ("draw",), 0, (part.name, data), {}, (0,), (), 2 * expected_bytes + REPLY_BYTES // 2, SEED)
    last: tuple[object, ...] = (1, ("last",), 0, (), {}, (0,), (), REPLY_BYTES // 2, -1)
    return codec.encode((files, main)), request.encode(draw), request.encode(last)
