"""The page of exports: forms of the marks for whoever wants them, each a file to download."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from grader.errors import LayerwiseError
from grader.export.gradescope import VISIBILITIES
from grader.serve import exports
from grader.serve.access import Here, Staff, expect_form
from grader.serve.database import note
from grader.serve.drawing import page
from grader.serve.exports import Download, Wanted
from grader.serve.files import attached
from grader.serve.gradebook import rows_of
from grader.serve.service import Service
from grader.serve.sessions import Visitor
from grader.serve.telling import told

router = APIRouter(prefix="/staff", include_in_schema=False)
# Every form, with its title and what it is.
FORMS = {
    "gradebook": ("Gradebook", "One CSV file for people to read: every mark, the total, and remarks."),
    "canvas": ("Canvas", "A CSV that Canvas's gradebook imports."),
    "moodle": ("Moodle", "Moodle's grading worksheet filled in, or a CSV for its gradebook."),
    "gradescope": ("Gradescope", "A results.json for each student, in a zip."),
    "junit": ("JUnit", "JUnit XML for each student, in a zip: for Jenkins, GitLab and others."),
    "github": ("GitHub Actions", "Annotations and a step summary for each student, in a zip."),
    "classroom50": ("Classroom 50", "A result.json (classroom50/result/v1) for each student, in a zip."),
    "report": ("Class report", "One page about the whole class, as `grade class` writes it; for instructors only."),
    "scorecards": ("Scorecards for staff", "Each student's scorecard as JSON, in a zip, with what the hidden checks found."),
    "scorecards-student": ("Scorecards for students", "Each student's scorecard as JSON, in a zip, as the student sees it."),
}
# What each form asks for besides.
NEEDS = {
    "canvas": ("roster", "assignment", "out_of", "by_exercise"),
    "moodle": ("roster", "assignment", "out_of", "view"),
    "gradescope": ("hidden_checks", "view"),
    "junit": ("view",),
    "github": ("view",),
    "classroom50": ("classroom", "assignment", "view"),
}
ROSTERS = {
    "canvas": "The gradebook as Canvas exports it (Grades, Export); not needed if it was read in as the roster",
    "moodle": "The grading worksheet as Moodle exports it; not needed if it was read in as the roster",
}


@router.get("/exports")
def all_exports(request: Request, service: Here, visitor: Staff) -> HTMLResponse:
    """What there is to download."""
    return _exports_page(request, service, visitor)


def _exports_page(
    request: Request, service: Service, visitor: Visitor, *, status: int = 200, problem: str = "", at: str = ""
) -> HTMLResponse:
    rows = rows_of(service)
    return page(
        request,
        "exports.html",
        visitor,
        status=status,
        problem=problem,
        at=at,
        forms=FORMS,
        needs=NEEDS,
        rosters=ROSTERS,
        hidden=VISIBILITIES,
        students=len(rows),
        unfinished=sum(bool(row.total.pending) for row in rows),
    )


@router.post("/exports")
async def export(request: Request, service: Here, visitor: Staff) -> Response:
    """Make a file of the marks as they stand, and send it. Who takes marks out is in the log."""
    form = await request.form(max_files=1, max_fields=12)
    try:
        expect_form(visitor, form.get("form"))
        file = form.get("roster")
        roster = await file.read() if isinstance(file, UploadFile) and file.filename else b""
    finally:
        await form.close()
    wanted = _wanted(form, roster)
    try:
        made = await run_in_threadpool(_made, service, visitor, wanted)
    except LayerwiseError as error:
        answer = told(error)
        return await run_in_threadpool(
            _exports_page, request, service, visitor, status=answer.status, problem=answer.sentence, at=wanted.form
        )
    return StreamingResponse(iter(made.parts), media_type=made.media_type, headers=attached(made.name))


def _wanted(form: FormData, roster: bytes) -> Wanted:
    def text(name: str, default: str = "") -> str:
        value = form.get(name)
        return value.strip() if isinstance(value, str) and value.strip() else default

    return Wanted(
        form=text("what"),
        view=text("view", "student"),
        assignment=text("assignment"),
        classroom=text("classroom"),
        out_of=text("out_of"),
        by_exercise=bool(text("by_exercise")),
        hidden_checks=text("hidden_checks", VISIBILITIES[0]),
        roster=roster,
    )


def _made(service: Service, visitor: Visitor, wanted: Wanted) -> Download:
    made = exports.download(service, wanted)
    with service.database.writing() as connection:
        note(connection, visitor.account.id, "marks exported", wanted.form, " ".join(made.notes))
    return made
