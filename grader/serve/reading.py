"""Read an upload as a submission. Nothing of it is executed, and nothing is unpacked."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

from grader.catalog import Course
from grader.classwork import Handin, Part
from grader.intake import load_handin
from grader.locate import locate
from grader.model import Submission
from grader.serve.uploads import Upload

NOTHING_THERE = "It has no file of an exercise: none has the name of an exercise's file or defines a function of the course."


def read_upload(upload: Upload, body: bytes) -> Submission:
    """Read the bytes of an upload.

    Raises
    ------
    SubmissionError
        If it cannot be read at all.
    """
    with tempfile.TemporaryDirectory(prefix="layerwise-") as folder:
        # Its own name is never one of ours: it is said beside the path.
        path = Path(folder) / f"upload.{upload.name.rpartition('.')[2]}"
        path.write_bytes(body)
        return load_handin(Handin(student=upload.student, source=upload.name, parts=(Part(path=path, name=upload.name),)))


def handin_of(upload: Upload, exercises: Iterable[str]) -> Handin:
    """An upload as the store knows it, with what it counts for; the same one gives the same hand-in however often it is graded."""
    return Handin(
        student=upload.student,
        source=f"upload {upload.id}: {upload.name}",
        parts=(),
        submitted_at=upload.received_at,
        attempt=upload.attempt,
        exercises=tuple(exercises),
    )


def exercises_in(course: Course, submission: Submission) -> list[str]:
    """The exercises of which a submission has a file."""
    found = []
    for exercise in course.exercises:
        others = [path for other in course.exercises if other is not exercise for path in other.paths]
        if locate(exercise, submission, others)[0] is not None:
            found.append(exercise.name)
    return found
