"""What people are shown, from what is stored: values for pages and for the API alike."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from grader.catalog import Exercise
from grader.classwork import Mark
from grader.marks.late import due_at
from grader.marks.marking import full_points, scored
from grader.marks.total import brief, total_of
from grader.serve import uploads
from grader.serve.service import Service
from grader.serve.shapes import ExerciseShape, FunctionShape, Progress, Status, Syllabus, UploadShape
from grader.serve.uploads import Upload

if TYPE_CHECKING:
    from grader.model import ExerciseOutcome, Scorecard


def syllabus_of(service: Service, student: str) -> Syllabus:
    """The course with the progress of a student; of nobody, for staff."""
    marks = service.marking.of_student(service.reader, service.database, student) if student else {}
    counted = uploads.counted_for(service.database, student) if student else {}
    total = total_of(student, marks.values(), service.marking.weights)
    rows = []
    for exercise in service.course.exercises:
        attempts = sum(exercise.name in exercises for exercises in counted.values())
        rows.append(progress_of(service, exercise, student, marks.get(exercise.name), attempts))
    return Syllabus(
        course=service.course.name,
        title=service.course.title or service.course.name,
        total=brief(total.points),
        max_total=brief(total.max_points),
        exercises=rows,
    )


def progress_of(service: Service, exercise: Exercise, student: str, mark: Mark | None, attempts: int) -> Progress:
    """How one exercise stands for a student."""
    full = full_points(service.marking.points[exercise.name])
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
        due=due_at(service.marking.policy.late, exercise.name, student),
        uploads=attempts,
    )


def _state(mark: Mark) -> str:
    if mark.pending:
        return "pending"
    return "complete" if mark.final >= mark.max_points else "part"


def exercise_shape(exercise: Exercise) -> ExerciseShape:
    """The public half of an exercise, with what its stub says of each function."""
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
        requires=list(exercise.requires),
        file=exercise.paths[0],
        functions=functions,
    )


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
    table = service.marking.points
    outcomes = [(name, verdicts[key]) for name, key in upload.exercises.items() if key in verdicts and name in table]
    counted = [found for name, outcome in outcomes if (found := scored(outcome, table[name])) is not None]
    ahead = uploads.queue_length(service.database, before=upload.id) if upload.is_waiting else None
    return UploadShape(
        **{name: getattr(upload, name) for name in ("id", "name", "exercise", "attempt", "received_at", "finished_at", "size", "sha256")},
        state=upload.state.value,
        exercises=list(upload.exercises),
        sentence=upload.sentence,
        points=sum(points for points, _most in counted) if counted else None,
        max_points=sum(most for _points, most in counted) if counted else None,
        ahead=ahead,
        wait_s=None if ahead is None else wait_for(service, ahead + 1),
    )


def card_of(service: Service, upload: Upload) -> Scorecard | None:
    """The scorecard of an upload as far as it is graded. Who renders it says for whom."""
    return service.cards.card(service.reader, upload)


def wait_for(service: Service, uploads_to_grade: int) -> float | None:
    """About how many seconds so many uploads take, by the pace of the last ones; None where there is nothing to go by."""
    pace = service.grading.pace_s
    return None if pace is None or service.grading.trouble else round(pace * uploads_to_grade, 1)


def status_of(service: Service) -> Status:
    """How long the queue is."""
    waiting = uploads.queue_length(service.database)
    return Status(waiting=waiting, wait_s=wait_for(service, waiting) if waiting else 0.0, trouble=service.grading.trouble)
