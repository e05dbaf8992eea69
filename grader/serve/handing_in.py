"""Take in what a student sends, from a page or a terminal."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool

from grader.serve import uploads
from grader.serve.service import Service
from grader.serve.sessions import Visitor
from grader.serve.uploads import Upload, UploadRefused


async def hand_in(service: Service, visitor: Visitor, *, name: str, body: bytes, exercise: str) -> Upload:
    """Keep an upload and wake the grading; when this returns it is on the disk.

    Raises
    ------
    UploadRefused, TooOften
        If it is not taken.
    """
    if exercise and not (exercise in service.rules.exercises and service.rules.is_open(exercise)):
        raise UploadRefused("there is no such exercise", remedy="The syllabus of the course lists them.", status=404)
    if len(body) > service.settings.upload_bytes:
        most = f"{service.settings.upload_bytes // 2**20} MiB"
        raise UploadRefused(f"this is more than {most}", remedy="Hand in only code, without data and plots.", status=413)
    service.uploads.use(visitor.account.student)
    upload = await run_in_threadpool(
        uploads.accept,
        service.database,
        visitor.account,
        name=name,
        body=body,
        exercise=exercise,
        most_waiting=service.settings.waiting_uploads,
        most_attempts=service.rules.value(exercise, "most_attempts") if exercise else None,
    )
    service.grading.nudge()
    return upload
