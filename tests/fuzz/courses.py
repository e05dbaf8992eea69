"""Fuzz the course reader, and the reader of records, whose documents come back from a disk, a cluster or another version."""

from __future__ import annotations

import contextlib
import copy
import functools
import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

from grader import records
from grader.catalog import load_course
from grader.classwork import Policy
from grader.errors import CourseError
from grader.experiments.load import load_experiments
from grader.marks.policy import read_policy
from grader.model import ExerciseOutcome, RunInfo, Submission
from tests.fuzz.bending import bend_bytes
from tests.fuzz.submissions import SHELF
from tests.fuzz.watching import Broken, Target

TINY = Path(__file__).parent.parent / "courses" / "tiny"
FILES = {"course": "course.toml", "exercise": "exercises/power.toml", "experiment": "experiments/cubes.toml"}
GRADING = """
[grading]
attempts = "best"
timezone = "Europe/Zurich"
deadline = 2026-10-23T23:59:59
late = {percent_per_day = 10, grace_days = 2, cutoff_days = 5}
deadlines = {power = 2026-10-30T12:00:00+01:00}
weights = {power = 2}
extensions = {ann = 3}
"""
VALUES = (
    *(
        "0",
        "-1",
        "1.5",
        "nan",
        "inf",
        "true",
        '""',
        '"a"',
        "[]",
        "{}",
        "[1]",
        "[[]]",
        '["a", 1]',
        "[{}]",
        "{a = 1}",
        "1979-05-27",
        "07:32:00",
    ),
    *(
        "2026-10-23T23:59:59Z",
        '"\\u0000"',
        '"../x"',
        '"/etc"',
        '"power.py"',
        "9" * 400,
        '"' + "x" * 300 + '"',
        "[" * 2000,
        "{a = " * 500,
        '"lines"',
    ),
)
KEYS = (
    "layout",
    "seed",
    "sandbox",
    "grading",
    "functions",
    "returns",
    "hints",
    "file",
    "environment",
    "parts",
    "panels",
    "series",
    "needs",
    "x",
    "power",
    '""',
    "modules",
)
TOKENS = tuple(
    token.encode() for token in (*VALUES, *KEYS, "[[parts]]\n", "[seed]\n", "=", "\n", '"""', "\\", "\x00", "\u2028", "\n[layout]\n")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A text in place of one of the files of a course."""

    which: str
    text: bytes


@functools.cache
def honest(which: str) -> str:
    """What stands in the file of a course that is in order."""
    return (TINY / FILES[which]).read_text(encoding="utf-8") + (GRADING if which == "course" else "")


@functools.cache
def _course() -> Path:
    root = Path(tempfile.mkdtemp(prefix="fuzz-course-", dir=SHELF)) / "tiny"
    shutil.copytree(TINY, root, ignore=shutil.ignore_patterns("__pycache__"))
    return root


def draw(rng: Random) -> Given:
    """One file of a course with lines whose values are others, or with bytes that are."""
    which = rng.choice(list(FILES))
    lines = honest(which).splitlines()
    for _ in range(rng.randint(0, 3)):
        at = rng.randrange(len(lines))
        key = lines[at].partition(" = ")[0] if " = " in lines[at] else rng.choice(KEYS)
        lines[at] = f"{key} = {rng.choice(VALUES)}"
        if rng.random() < 0.2:
            lines.insert(0, f"{rng.choice(KEYS)} = {rng.choice(VALUES)}")
    text = "\n".join(lines).encode()
    return Given(which=which, text=bend_bytes(rng, text, TOKENS) if rng.random() < 0.4 else text)


def read(given: Given) -> None:
    """Load the course as every command does. Only a CourseError may come of it."""
    root = _course()
    path = root / FILES[given.which]
    path.write_bytes(given.text)
    try:
        with contextlib.suppress(CourseError):
            course = load_course(root)
            _judge(course)
            load_experiments(course)
            read_policy(course.grading, [exercise.name for exercise in course.exercises])
    finally:
        path.write_text(honest(given.which), encoding="utf-8")


def _judge(course: Any) -> None:
    for exercise in course.exercises:
        texts = (*exercise.formulas, *exercise.sources, *exercise.requires, *exercise.explain, *exercise.paths)
        texts += tuple(text for one in exercise.functions for text in (one.name, *one.returns, *one.aliases, *one.hints))
        if not all(type(text) is str for text in (*texts, *course.modules, exercise.title, course.title)):
            raise Broken("something that is no text where only texts are")


COURSES = Target(name="courses", draw=draw, read=read)


# ------------------------------------------------------------------------------------------------------------------------ records

KINDS: dict[str, type] = {"outcome": ExerciseOutcome, "run": RunInfo, "submission": Submission, "policy": Policy}
ODD = (
    None,
    True,
    0,
    -1,
    1.5,
    2**70,
    1e308,
    "",
    "1/0",
    "1e999999999",
    "1e99999",
    "9" * 5000,
    "x",
    [],
    {},
    [[]],
    [{}],
    {"a": 1},
    "2026-13-45",
    "\ud800",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The bytes of a record, and what it is said to be."""

    kind: str
    data: bytes


@functools.cache
def honest_records() -> dict[str, Any]:
    """One record of each kind, with every field that has a form of its own."""
    from grader.classwork import LatePolicy
    from grader.model import (
        CheckOutcome,
        Diagnosis,
        Evidence,
        Finding,
        FunctionOutcome,
        Layers,
        Limits,
        Problem,
        Raised,
        Rung,
        SourceFile,
        Verdict,
    )

    raised = Raised(type_name="ValueError", message="m", path="a.py", line=1, function="f")
    finding = Finding(rung=Rung.VALUE, message="m", raised=raised, facts={"off": 1, "at": [0, 1]})
    check = CheckOutcome(check="c", verdict=Verdict.WRONG_ANSWER, finding=finding, comparisons=1, failed=1)
    diagnosis = Diagnosis(evidence=Evidence.KNOWN_MISTAKE, mistake="a", explanation="e")
    function = FunctionOutcome(function="f", checks=(check,), diagnoses=(diagnosis,))
    late = LatePolicy(
        deadline=datetime(2026, 10, 23, tzinfo=UTC), deadlines={"a": datetime(2026, 10, 23, tzinfo=UTC)}, percent_per_day=Fraction(10, 3)
    )
    values = {
        "outcome": ExerciseOutcome(exercise="a", path="a.py", functions=(function,), message="m"),
        "run": RunInfo(
            started_at="t",
            duration_s=1.5,
            layerwise="1",
            python="3",
            numpy="2",
            platform="linux",
            layers=Layers(sandbox="plain"),
            limits=Limits(),
        ),
        "submission": Submission(
            name="a",
            files=(SourceFile(path="a.py", text="x", sha256="0" * 64, size=1),),
            problems=(Problem(path="a", message="m"),),
            digest="d",
        ),
        "policy": Policy(late=late, weights={"a": Fraction(1, 3)}),
    }
    return {kind: records.encode(value) for kind, value in values.items()}


def draw_record(rng: Random) -> Kept:
    """A record with something else in one of its places."""
    kind = rng.choice(list(KINDS))
    document = json.loads(json.dumps(honest_records()[kind]))
    for _ in range(rng.randint(1, 3)):
        _exchange(rng, document)
    data = records.to_bytes(document)
    return Kept(
        kind=kind,
        data=bend_bytes(rng, data, (b"null", b"[" * 5000, b'"1/0"', b"NaN", b'"', b"\xff", b"1e9999")) if rng.random() < 0.3 else data,
    )


def _exchange(rng: Random, here: Any) -> None:
    while isinstance(here, (dict, list)) and here:
        key = rng.choice(list(here) if isinstance(here, dict) else range(len(here)))
        if not isinstance(here[key], (dict, list)) or rng.random() < 0.15:
            here[key] = copy.deepcopy(rng.choice(ODD))
            return
        here = here[key]


def read_record(given: Kept) -> None:
    """Read a record. Only a ValueError may come of it, and what is read can be written again."""
    decode: Callable[[type, Any], Any] = records.decode
    try:
        value = decode(KINDS[given.kind], records.from_bytes(given.data))
    except ValueError:
        return
    records.to_bytes(records.encode(value))


RECORDS = Target(name="records", draw=draw_record, read=read_record)
