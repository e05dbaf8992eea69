"""The values that every part of the engine speaks of: plain, frozen, without behaviour beyond arithmetic on themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What sort of requirement a check states."""

    SMOKE = "smoke"
    SHAPE = "shape"
    DTYPE = "dtype"
    VALUE = "value"
    GRADIENT = "gradient"
    STATISTICS = "statistics"
    STABILITY = "stability"
    PURITY = "purity"


class Verdict(StrEnum):
    """How a check, a function, an exercise or a submission ended."""

    ACCEPTED = "accepted"
    WRONG_ANSWER = "wrong_answer"
    RUNTIME_ERROR = "runtime_error"
    TIME_LIMIT_EXCEEDED = "time_limit_exceeded"
    MEMORY_LIMIT_EXCEEDED = "memory_limit_exceeded"
    OUTPUT_LIMIT_EXCEEDED = "output_limit_exceeded"
    SECURITY_VIOLATION = "security_violation"
    NOT_IMPLEMENTED = "not_implemented"
    SKIPPED = "skipped"
    GRADER_ERROR = "grader_error"


class Visibility(StrEnum):
    """Whether a student may see what a check puts in and gets out."""

    PUBLIC = "public"
    HIDDEN = "hidden"


class View(StrEnum):
    """For whom a scorecard is written."""

    STUDENT = "student"
    INSTRUCTOR = "instructor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one exercise of one submission may use.

    ``call_s`` is wall time since the last answer, so that one endless call ends soon; ``cpu_s`` is processor time of the
    whole exercise, enforced by the kernel.
    """

    call_s: float = 5.0
    exercise_s: float = 60.0
    cpu_s: int = 60
    memory_mib: int = 1024
    output_bytes: int = 8 * 1024 * 1024
    restarts: int = 12


# ---------------------------------------------------------------------------------------------------------------- submission


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """One Python file of a submission: its path inside it (with ``/``), its text, and the hash of its bytes."""

    path: str
    text: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something about a submission's files that its author should know, in one sentence."""

    path: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One student's files, identified by the hash of their content."""

    name: str
    files: tuple[SourceFile, ...]
    problems: tuple[Problem, ...] = ()
    digest: str

    def file(self, path: str) -> SourceFile | None:
        """Return the file at `path`, or None."""
        return next((file for file in self.files if file.path == path), None)


# ------------------------------------------------------------------------------------------------------------------- sandbox


class Ending(StrEnum):
    """How a worker's life ended, as the trusted side saw it."""

    FINISHED = "finished"
    DIED = "died"
    OUT_OF_TIME = "out_of_time"
    OUT_OF_CPU = "out_of_cpu"
    TOO_MUCH_OUTPUT = "too_much_output"
    BAD_REPLY = "bad_reply"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """All that one worker is given: a frame that loads the sources, and frames to answer one by one.

    ``reply_bytes`` bounds the reply to each frame, the loading frame first.
    """

    frames: tuple[bytes, ...]
    reply_bytes: tuple[int, ...]
    limits: Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What came back: one raw reply per answered frame, in order, and how it ended.

    ``signal`` is the signal that killed the worker, 0 otherwise; ``printed`` is the beginning of what it wrote to standard
    output and standard error.
    """

    replies: tuple[bytes, ...]
    ending: Ending
    signal: int = 0
    exit_code: int = 0
    printed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """What protects the grader from the code that it grades, as probed by doing."""

    sandbox: str
    seccomp: bool = False
    landlock_abi: int = 0
    rlimits: bool = False
    uid_dropped: bool = False
    container: bool = False


# ------------------------------------------------------------------------------------------------------------------ outcomes


class Rung(StrEnum):
    """The rungs of the comparison ladder, from the first to the last."""

    RETURNED = "returned"
    COUNT = "count"
    TYPE = "type"
    SHAPE = "shape"
    DTYPE = "dtype"
    FINITE = "finite"
    VALUE = "value"
    LAW = "law"
    PURITY = "purity"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """An exception of a student's code. ``message`` may carry input values, so it is for the instructor alone."""

    type_name: str
    message: str
    path: str
    line: int
    function: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one comparison saw.

    ``message`` is for everybody; ``facts`` hold numbers of the case itself and are shown to a student only for public checks.
    ``code`` names the mistake that a statistical check has recognised by itself, if it has; ``needs`` names the function whose
    failure kept this one from being judged.
    """

    rung: Rung
    message: str
    verdict: Verdict = Verdict.WRONG_ANSWER
    raised: Raised | None = None
    code: str = ""
    needs: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


class Evidence(StrEnum):
    """On what a diagnosis rests. All but the last explain everything that was seen of the function."""

    KNOWN_MISTAKE = "known_mistake"
    TWO_MISTAKES = "two_mistakes"
    GENERAL_CAUSE = "general_cause"
    NOT_RECOGNISED = "not_recognised"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What explains all that was seen of a function.

    ``mistake`` is the name of a known mistake (two, with ``+`` between), of a general cause, or empty. ``explanation`` completes "This is
    what you get when ..." for known mistakes; for a general cause, and for what is not recognised, it is whole sentences of what was seen.
    """

    mistake: str
    explanation: str
    evidence: Evidence = Evidence.KNOWN_MISTAKE

    @property
    def names(self) -> tuple[str, ...]:
        """The name of each mistake or cause; none if nothing is recognised."""
        return tuple(self.mistake.split(" + ")) if self.mistake else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOutcome:
    """What one check found. ``finding`` is the first that failed; None if all held."""

    check: str
    verdict: Verdict
    finding: Finding | None = None
    failed: int = 0
    comparisons: int = 0
    follow_through: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionOutcome:
    """All checks of one function, and what explains them."""

    function: str
    checks: tuple[CheckOutcome, ...]
    diagnoses: tuple[Diagnosis, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseOutcome:
    """All functions of one exercise. ``path`` is the file that was graded, None if the submission has none."""

    exercise: str
    path: str | None
    functions: tuple[FunctionOutcome, ...]
    message: str = ""
    printed: str = ""


# ----------------------------------------------------------------------------------------------------------------- scorecard


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckScore:
    """One check with its points."""

    name: str
    kind: Kind
    title: str
    requirement: str
    visibility: Visibility
    verdict: Verdict
    points: int
    max_points: int
    finding: Finding | None
    failed: int
    comparisons: int
    follow_through: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionScore:
    """One function with its checks."""

    name: str
    verdict: Verdict
    points: int
    max_points: int
    checks: tuple[CheckScore, ...]
    diagnoses: tuple[Diagnosis, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseScore:
    """One exercise with its functions."""

    name: str
    title: str
    path: str | None
    verdict: Verdict
    points: int
    max_points: int
    message: str
    functions: tuple[FunctionScore, ...]
    printed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseMark:
    """Which course, in which state, with which kind of seed, gave the marks."""

    name: str
    version: str
    digest: str
    seed: str
    seed_fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunInfo:
    """What may differ between two gradings of the same submission."""

    started_at: str
    duration_s: float
    layerwise: str
    python: str
    numpy: str
    platform: str
    layers: Layers
    limits: Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """Everything that is said about one submission."""

    course: CourseMark
    submission: Submission
    verdict: Verdict
    points: int
    max_points: int
    exercises: tuple[ExerciseScore, ...]
    run: RunInfo


# ---------------------------------------------------------------------------------------------------------- between two gradings


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What has changed since the last grading of the same work: functions by name, and the exercises that are now complete.

    ``completed`` maps the name of an exercise to the sentences that say what its author can explain from now on.
    """

    turned_green: tuple[str, ...] = ()
    broke: tuple[str, ...] = ()
    completed: dict[str, tuple[str, ...]] = field(default_factory=dict)
