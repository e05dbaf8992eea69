"""The page that sets two attempts of a student side by side, for the student and for staff."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from grader.serve import uploads
from grader.serve.access import NOT_THERE, Here, OwnUpload, SignedIn, own_upload
from grader.serve.comparison import compare_uploads
from grader.serve.drawing import page
from grader.serve.pages import redirect
from grader.serve.uploads import State

router = APIRouter(include_in_schema=False)
MOST_OTHERS = 12


@router.get("/uploads/{number}/against/{other}")
def against(request: Request, service: Here, visitor: SignedIn, found: OwnUpload, other: int) -> Response:
    """What changed between two uploads of one student, from the earlier to the later one."""
    second = own_upload(other, visitor, service)
    if second.student != found.student:
        raise HTTPException(404, NOT_THERE)
    if second.id == found.id:
        return redirect(f"/uploads/{found.id}")
    before, after = sorted((found, second), key=lambda one: one.id)
    alike = [
        one
        for one in uploads.uploads_of(service.database, found.student)
        if one.state is State.GRADED and one.id not in (before.id, after.id) and set(one.exercises) & set(after.exercises)
    ]
    return page(
        request,
        "comparison.html",
        visitor,
        before=before,
        after=after,
        student=found.student,
        changes=compare_uploads(service, before, after) if not (before.is_waiting or after.is_waiting) else [],
        waiting=before.is_waiting or after.is_waiting,
        others=alike[:MOST_OTHERS],
    )
