"""What people are shown, from what is stored: values for pages and for the API alike."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from grader.catalog import Exercise
from grader.classwork import Attempts, Mark, Policy
from grader.marks.late import due_at, is_past_cutoff, kept_after, late_days
from grader.marks.marking import full_points, scored
from grader.marks.reasons import days, late_words, percent
from grader.marks.total import brief, total_of
from grader.serve import uploads
from grader.serve.service import Service
from grader.serve.sessions import Visitor
from grader.serve.shapes import ExerciseShape, FunctionShape, Progress, Status, Syllabus, UploadShape
from grader.serve.uploads import State, Upload, Waiting

if TYPE_CHECKING:
    from grader.model import ExerciseOutcome, Scorecard


def open_to(service: Service, visitor: Visitor) -> list[str]:
    """The exercises that somebody sees: staff see all."""
    return [one.name for one in service.course.exercises if visitor.is_staff or service.rules.is_open(one.name)]


def syllabus_of(service: Service, student: str) -> Syllabus:
    """The course as far as it is open, with the progress of a student; all of it, with the progress of nobody, for staff."""
    marks = service.marking.of_student(service.reader, service.database, student) if student else {}
    counted = uploads.counted_for(service.database, student) if student else {}
    total = total_of(student, marks.values(), service.marking.weights)
    used, _unknown = uploads.attempts_used(service.database, student) if student else ({}, 0)
    rows = []
    for exercise in service.course.exercises:
        if student and not service.rules.is_open(exercise.name):
            continue
        attempts = sum(exercise.name in exercises for exercises in counted.values())
        rows.append(progress_of(service, exercise, student, marks.get(exercise.name), attempts, used.get(exercise.name, 0)))
    return Syllabus(
        course=service.course.name,
        title=service.course.title or service.course.name,
        total=brief(total.points),
        max_total=brief(total.max_points),
        late=late_words(service.marking.policy.late),
        exercises=rows,
    )


def progress_of(service: Service, exercise: Exercise, student: str, mark: Mark | None, attempts: int, used: int = 0) -> Progress:
    """How one exercise stands for a student."""
    full = full_points(service.marking.points[exercise.name])
    late, deadline = service.marking.policy.late, service.rules.value(exercise.name, "deadline")
    due = due_at(late, exercise.name, student)
    done = mark is not None and (mark.handin is not None or mark.override is not None)
    return Progress(
        exercise=exercise.name,
        title=exercise.title,
        summary=exercise.summary,
        functions=len(exercise.functions),
        max_points=mark.max_points if mark else full,
        points=mark.points if mark else 0,
        mark=brief(mark.final) if mark is not None and done and not mark.pending else None,
        state=_state(mark) if mark is not None and done else "open",
        late_days=mark.late_days if mark else 0,
        by_hand=mark is not None and mark.override is not None,
        due=due,
        extended=due != deadline,
        uploads=attempts,
        attempts=used,
        most_attempts=service.rules.value(exercise.name, "most_attempts"),
        open=service.rules.is_open(exercise.name),
    )


def _state(mark: Mark) -> str:
    if mark.pending:
        return "pending"
    return "complete" if mark.final >= mark.max_points else "part"


def exercise_shape(exercise: Exercise, seen: Collection[str]) -> ExerciseShape:
    """The public half of an exercise, with what its stub says of each function. It names no other exercise that is not `seen`."""
    documents = _documents(exercise.stub)
    functions = []
    for spec in exercise.functions:
        signature, text = documents.get(spec.name, (spec.name, ""))
        functions.append(FunctionShape(name=spec.name, signature=signature, returns=list(spec.returns), text=text))
    return ExerciseShape(
        name=exercise.name,
        title=exercise.title,
        summary=exercise.summary,
        formulas=list(exercise.formulas),
        sources=list(exercise.sources),
        requires=[name for name in exercise.requires if name in seen],
        file=exercise.paths[0],
        functions=functions,
    )


@lru_cache(maxsize=256)
def _documents(stub: str) -> dict[str, tuple[str, str]]:
    """The signature and the text of every function of a stub, read without running it."""
    functions = [node for node in ast.parse(stub).body if isinstance(node, ast.FunctionDef)]
    return {node.name: (f"{node.name}({ast.unparse(node.args)})", inspect.cleandoc(ast.get_docstring(node) or "")) for node in functions}


def upload_shape(service: Service, upload: Upload) -> UploadShape:
    """An upload, with its points once it is graded, and its place in the queue before."""
    return upload_shapes(service, [upload])[0]


def upload_shapes(service: Service, found: Sequence[Upload]) -> list[UploadShape]:
    """Uploads, each with its points or its place in the queue."""
    verdicts = dict(service.reader.iter_verdicts({key for upload in found if not upload.is_waiting for key in upload.exercises.values()}))
    return [_upload_shape(service, upload, verdicts) for upload in found]


def _upload_shape(service: Service, upload: Upload, verdicts: Mapping[str, ExerciseOutcome]) -> UploadShape:
    editions = service.cards.editions
    outcomes = [verdicts[key] for key in upload.exercises.values() if key in verdicts]
    tables = [(outcome, editions.points_for(outcome)) for outcome in outcomes]
    counted = [found for outcome, points in tables if points is not None and (found := scored(outcome, points)) is not None]
    ahead = uploads.waiting_before(service.database, upload.id) if upload.is_waiting else None
    return UploadShape(
        **{name: getattr(upload, name) for name in ("id", "name", "exercise", "attempt", "received_at", "finished_at", "size", "sha256")},
        state=upload.state.value,
        exercises=list(upload.exercises),
        sentence=upload.sentence,
        points=sum(points for points, _most in counted) if counted else None,
        max_points=sum(most for _points, most in counted) if counted else None,
        ahead=None if ahead is None else len(ahead),
        wait_s=None if ahead is None else wait_for(service, ahead, upload),
        lateness=lateness_of(service, upload),
    )


def lateness_of(service: Service, upload: Upload) -> str:
    """How late an upload came, and what that costs; nothing where it was in time."""
    policy = service.marking.policy
    by_days: dict[int, list[str]] = {}
    for name in upload.exercises or [upload.exercise]:
        by_days.setdefault(late_days(policy.late, name, upload.student, upload.received_at) if name else 0, []).append(name)
    return " ".join(_lateness(policy, late, names) for late, names in sorted(by_days.items()) if late)


def _lateness(policy: Policy, late: int, names: Sequence[str]) -> str:
    whole, kept = f"{days(late)} late for {', '.join(names)}", kept_after(policy.late, late)
    if is_past_cutoff(policy.late, late):
        earlier = ", and does not replace an earlier attempt" if policy.attempts is Attempts.LAST else ""
        return f"{whole}: work that is more than {days(policy.late.cutoff_days or 0)} late gives no points{earlier}."
    return f"{whole}: {percent(kept)} of its points are kept." if kept < 1 else f"{whole}, which costs nothing."


def card_of(service: Service, upload: Upload) -> Scorecard | None:
    """The scorecard of an upload as far as it is graded. Who renders it says for whom."""
    return service.cards.card(service.reader, upload)


def wait_for(service: Service, ahead: Sequence[Waiting], upload: Upload) -> float | None:
    """About how many seconds it takes until an upload is graded, with these before it; None where there is nothing to go by."""
    grading = service.grading
    if grading.trouble:
        return None
    before = [(one.exercise, grading.left_of(one.id) if one.is_begun else 1.0) for one in ahead]
    wait = grading.pace.wait(before, upload.exercise, grading.left_of(upload.id) if upload.state is State.GRADING else 1.0)
    return None if wait is None else round(wait, 1)


def status_of(service: Service) -> Status:
    """How long the queue is, and how long whoever hands in now waits."""
    waiting = uploads.waiting_before(service.database)
    grading = service.grading
    wait = None if grading.trouble else grading.pace.wait([(one.exercise, 1.0) for one in waiting], None)
    return Status(waiting=len(waiting), wait_s=0.0 if not waiting else None if wait is None else round(wait, 1), trouble=grading.trouble)
