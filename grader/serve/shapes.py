"""What the JSON API speaks of, and the pages show: the same values, so that neither says more than the other."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field


class Credentials(BaseModel):
    """What somebody signs in with."""

    email: str = Field(max_length=300)
    password: str = Field(max_length=1000)


class Token(BaseModel):
    """A session of a terminal; it goes into the header ``Authorization: Bearer``."""

    token: str
    course: str


class Me(BaseModel):
    """Who is signed in."""

    name: str
    email: str
    role: str
    student: str = Field(description="The id of the roster; empty for staff.")


class Progress(BaseModel):
    """How one exercise stands for whoever asks. ``mark`` has two decimals at most, and is null while it is pending."""

    exercise: str
    title: str
    summary: str
    functions: int
    max_points: int
    points: int = Field(description="Of the checks, by the upload that counts.")
    mark: str | None = Field(description="After lateness, or as set by hand.")
    state: str = Field(description="open, complete, part, pending")
    late_days: int
    by_hand: bool
    due: datetime | None
    extended: bool = Field(description="Whether `due` is later than for others, by an extension.")
    uploads: int = Field(description="How many graded uploads count for it, whichever of them does.")
    attempts: int = Field(description="How many attempts are used, including those that wait, but without uploads that could not be read.")
    most_attempts: int | None = Field(description="The most attempts allowed; null for any number.")
    open: bool = Field(description="Whether students see it; if not, only staff do.")


class Syllabus(BaseModel):
    """The course, and how far somebody has come in it."""

    course: str
    title: str
    total: str
    max_total: str
    late: str = Field(description="What lateness costs, as in `10%/day, 2 days grace, cutoff 5 days`, or `none`.")
    exercises: list[Progress]


class FunctionShape(BaseModel):
    """One function that is to be written."""

    name: str
    signature: str
    returns: list[str]
    text: str


class ExerciseShape(BaseModel):
    """One exercise: the public half."""

    name: str
    title: str
    summary: str
    formulas: list[str]
    sources: list[str]
    requires: list[str]
    file: str
    functions: list[FunctionShape]


class UploadShape(BaseModel):
    """Something that was handed in, and how far it has come."""

    id: int
    name: str
    exercise: str = Field(description="The exercise that it was handed in for; empty for all that it holds.")
    attempt: int
    received_at: datetime
    finished_at: datetime | None
    size: int
    sha256: str
    state: str = Field(description="queued, grading, graded, unreadable, or lost (a fault of the grader, which tries again)")
    exercises: list[str]
    sentence: str
    points: int | None
    max_points: int | None
    ahead: int | None = Field(description="How many uploads are graded before it; null unless it waits.")
    lateness: str = Field(description="How late it came and what that costs, in a sentence; empty if it came in time.")
    wait_s: float | None = Field(description="About how many seconds it will wait; null if that is not known.")


class Status(BaseModel):
    """How the service is."""

    waiting: int
    wait_s: float | None
    trouble: str


# A scorecard is what the published schema says (`grade schema`), which no class here repeats.
Document = dict[str, Any]
