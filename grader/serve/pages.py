"""The pages that students see. They work without JavaScript; with it, checks show as they end."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from grader.catalog import Exercise
from grader.errors import LayerwiseError
from grader.serve import uploads, views
from grader.serve.access import Anyone, AStudent, Here, OwnUpload, SignedIn, cookie_name, expect_form
from grader.serve.accounts import Account, AccountError, Role, accept_invitation, invited
from grader.serve.api import exercise_called
from grader.serve.drawing import SCORECARD_STYLE, changes, first_sentence, page, score_parts
from grader.serve.entering import WRONG, PasswordsOff, expect_password_allowed, place_of, sign_in
from grader.serve.files import stub_file
from grader.serve.handing_in import hand_in
from grader.serve.hints import hints_for
from grader.serve.passwords import in_own_thread
from grader.serve.service import Service
from grader.serve.sessions import Kind, Visitor, begin_session, end_session
from grader.serve.settings import MOST_PASTED_BYTES
from grader.serve.telling import Told, told
from grader.serve.uploads import Upload

router = APIRouter(include_in_schema=False)


def redirect(path: str) -> RedirectResponse:
    """Go there, by GET (RFC 9110, section 15.4.4)."""
    return RedirectResponse(path, status_code=303)


def local(path: str) -> str:
    """A path of this service, to go to after signing in; anything else leads home, for it could be somebody else's site."""
    is_local = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isascii() and path.isprintable()
    return path if is_local else "/"


async def fields(request: Request) -> dict[str, str]:
    """The texts of a short form."""
    form = await request.form(max_files=0, max_fields=10)
    return {name: value for name, value in form.items() if isinstance(value, str)}


# ---------------------------------------------------------------------------------------------------------------------- sign in


@router.get("/sign-in")
def sign_in_page(request: Request, visitor: Anyone, next: Annotated[str, Query(max_length=500)] = "/") -> Response:  # noqa: A002 - as it is called everywhere
    """Where one signs in."""
    if visitor is not None:
        return redirect(local(next))
    return page(request, "sign_in.html", None, next=local(next), email="", problem="")


@router.post("/sign-in")
async def sign_in_form(request: Request, service: Here) -> Response:
    """Sign in."""
    form = await fields(request)
    email, then = form.get("email", "")[:300], local(form.get("next", "/"))
    try:
        account = await in_own_thread(sign_in, service, request, email, form.get("password", ""))
    except PasswordsOff as error:
        return page(request, "sign_in.html", None, status=403, next=then, email=email, problem=told(error).sentence)
    if account is None:
        return page(request, "sign_in.html", None, status=401, next=then, email=email, problem=WRONG)
    return await run_in_threadpool(enter, request, service, account, then)


def enter(request: Request, service: Service, account: Account, then: str) -> Response:
    """Begin a session with a new token, whatever cookie the browser had before."""
    token = begin_session(service.database, account, Kind.BROWSER, service.settings, request.headers.get("user-agent", ""))
    response = redirect(then)
    secure = service.settings.is_encrypted
    age = service.settings.session_days * 86400
    response.set_cookie(cookie_name(service), token, max_age=age, path="/", secure=secure, httponly=True, samesite="lax")
    return response


@router.post("/sign-out")
async def sign_out(request: Request, service: Here, visitor: SignedIn) -> Response:
    """End this session."""
    expect_form(visitor, (await fields(request)).get("form"))
    await run_in_threadpool(end_session, service.database, visitor.token)
    response = redirect("/sign-in")
    response.delete_cookie(cookie_name(service), path="/", secure=service.settings.is_encrypted, httponly=True, samesite="lax")
    return response


@router.get("/invitations/{token}")
def invitation(request: Request, service: Here, token: str) -> HTMLResponse:
    """Where somebody who was invited chooses a password."""
    account = invited(service.database, token)
    return page(request, "invitation.html", None, status=200 if account else 404, account=account, problem="")


@router.post("/invitations/{token}")
async def accept(request: Request, service: Here, token: str) -> Response:
    """Set the password, and come in."""
    form = await fields(request)
    service.sign_ins.use(f"invitation {place_of(request)}")
    account = await run_in_threadpool(invited, service.database, token)
    problem = "" if form.get("password") == form.get("again") else "The two passwords differ. Type both again."
    try:
        if not problem:
            expect_password_allowed(service, account)
            account = await in_own_thread(accept_invitation, service.database, token, form.get("password", ""))
            return await run_in_threadpool(enter, request, service, account, "/")
    except AccountError as error:
        problem = f"{error} {error.remedy}".strip()
    return page(request, "invitation.html", None, status=422 if account else 404, account=account, problem=problem)


# ----------------------------------------------------------------------------------------------------------------------- course


@router.get("/")
def home(request: Request, service: Here, visitor: SignedIn) -> HTMLResponse:
    """The syllabus with one's own progress."""
    return page(request, "syllabus.html", visitor, syllabus=views.syllabus_of(service, visitor.account.student))


@router.get("/exercises/{name}")
def exercise(request: Request, service: Here, visitor: SignedIn, name: str) -> HTMLResponse:
    """One exercise: the problem, the stub, where to hand in, what was handed in."""
    found = exercise_called(service, name, visitor)
    return _exercise_page(request, service, visitor, found, status=200, problem="", text=None)


def _exercise_page(
    request: Request, service: Service, visitor: Visitor, found: Exercise, *, status: int, problem: str, text: str | None
) -> HTMLResponse:
    student = visitor.account.student
    mine = uploads.uploads_of(service.database, student) if student else []
    about = [one for one in mine if found.name in one.exercises or one.exercise == found.name]
    syllabus = views.syllabus_of(service, student)
    standing = next(row for row in syllabus.exercises if row.exercise == found.name)
    return page(
        request,
        "exercise.html",
        visitor,
        status=status,
        exercise=views.exercise_shape(found, views.open_to(service, visitor)),
        standing=standing,
        late=syllabus.late,
        attempts=views.upload_shapes(service, about[:20]),
        text=_newest_text(service, found, about) if text is None else text,
        problem=problem,
        most_mib=service.settings.upload_bytes // 2**20,
    )


def _newest_text(service: Service, found: Exercise, mine: list[Upload]) -> str:
    """What was handed in last for an exercise, to go on with; the stub where that is nothing, or a notebook."""
    for upload in mine:
        key = upload.exercises.get(found.name)
        record = service.reader.record(key) if key and upload.digest else None
        if record is not None and record.outcome.path is not None and record.outcome.path.endswith(".py"):
            file = service.reader.submission(upload.digest).file(record.outcome.path)
            if file is not None and len(file.text) <= MOST_PASTED_BYTES:
                return file.text
    return found.stub


@router.get("/exercises/{name}/stub")
def stub(service: Here, visitor: SignedIn, name: str) -> PlainTextResponse:
    """The file to start from."""
    return stub_file(exercise_called(service, name, visitor))


# ---------------------------------------------------------------------------------------------------------------------- hand in


@router.get("/uploads")
def my_uploads(request: Request, service: Here, visitor: SignedIn) -> HTMLResponse:
    """Everything that one has handed in."""
    return _uploads_page(request, service, visitor, status=200, problem="")


def _uploads_page(request: Request, service: Service, visitor: Visitor, *, status: int, problem: str) -> HTMLResponse:
    mine = uploads.uploads_of(service.database, visitor.account.student) if visitor.account.student else []
    most = service.settings.upload_bytes // 2**20
    return page(
        request, "uploads.html", visitor, status=status, attempts=views.upload_shapes(service, mine), most_mib=most, problem=problem
    )


@router.post("/uploads")
async def upload(request: Request, service: Here, visitor: AStudent) -> Response:
    """Hand in a file, or what was written into the page; what is refused comes back with the reason, and with the text."""
    form = await request.form(max_files=1, max_fields=10, max_part_size=MOST_PASTED_BYTES)
    try:
        expect_form(visitor, form.get("form"))
        named, text, file = (form.get(name) for name in ("exercise", "text", "file"))
        exercise = named if isinstance(named, str) else ""
        text = text if isinstance(text, str) else None
        name, body = f"{exercise or 'work'}.py", (text or "").replace("\r\n", "\n").encode("utf-8", "replace")
        if isinstance(file, UploadFile) and file.filename:
            text, name, body = None, file.filename, await file.read()
    finally:
        await form.close()
    try:
        taken = await hand_in(service, visitor, name=name, body=body, exercise=exercise)
    except LayerwiseError as error:
        # On the same page, so that what was written is not lost.
        return await run_in_threadpool(_refused, request, service, visitor, exercise, told(error), text)
    return redirect(f"/uploads/{taken.id}")


def _refused(
    request: Request, service: Service, visitor: Visitor, exercise: str, answer: Told, text: str | None
) -> HTMLResponse:
    seen = views.open_to(service, visitor)
    found = next((one for one in service.course.exercises if one.name == exercise and one.name in seen), None)
    if found is not None:
        response = _exercise_page(request, service, visitor, found, status=answer.status, problem=answer.sentence, text=text)
    else:
        response = _uploads_page(request, service, visitor, status=answer.status, problem=answer.sentence)
    response.headers.update(answer.headers)
    return response


@router.get("/uploads/{number}")
def one_upload(request: Request, service: Here, visitor: SignedIn, found: OwnUpload) -> HTMLResponse:
    """How an upload goes, and its scorecard. Staff see here what the student sees."""
    card = views.card_of(service, found)
    others = uploads.uploads_of(service.database, found.student)
    earlier = [one for one in others if one.id < found.id and set(one.exercises) & set(found.exercises)]
    before = views.card_of(service, earlier[0]) if earlier and card else None
    titles = {exercise.name: exercise.title for exercise in service.course.exercises}
    return page(
        request,
        "upload.html",
        visitor,
        upload=views.upload_shape(service, found),
        student=found.student,
        waiting=found.is_waiting,
        titles={name: titles.get(name, name) for name in found.exercises},
        card=card,
        hints=hints_for(service, found.student, card) if not found.is_waiting else {},
        parts=score_parts(card) if card else [],
        problems=card.submission.problems if card else (),
        first=first_sentence(card) if card and not found.is_waiting else "",
        changed=changes(before, card) if card and before and not found.is_waiting else {"green": [], "broke": []},
        earlier=earlier[0].id if earlier else None,
        has_figures=card is not None and bool(service.figures.of([one.name for part in card.exercises for one in part.functions])),
        earlier_attempt=earlier[0].attempt if earlier else None,
        trouble=bool(service.grading.trouble),
        is_own=visitor.account.role is Role.STUDENT,
    )


# ------------------------------------------------------------------------------------------------------------------------ other


@router.get("/style/scorecard.css")
def scorecard_style() -> Response:
    """The style of a scorecard, which is the same wherever one is shown."""
    return Response(SCORECARD_STYLE, media_type="text/css")


@router.get("/health")
def health(service: Here) -> PlainTextResponse:
    """Whether it runs, for who watches over servers: nothing that anybody could not see."""
    with service.database.reading() as connection:
        connection.exec_driver_sql("SELECT 1")
    return PlainTextResponse("ok")


@router.get("/health/grading")
def grading_health(service: Here) -> PlainTextResponse:
    """Whether uploads are graded: 503 while they only wait. Why, the log says; the service itself is well all the same."""
    pauses = bool(service.grading.trouble) or not service.grading.is_alive()
    return PlainTextResponse("grading pauses" if pauses else "ok", status_code=503 if pauses else 200)
