"""What a browser keeps as a file."""

from __future__ import annotations

from fastapi.responses import PlainTextResponse

from grader.catalog import Exercise


def attached(name: str) -> dict[str, str]:
    """The header by which an answer becomes a file of this name (RFC 6266); the name is one of ours."""
    return {"content-disposition": f'attachment; filename="{name}"'}


def stub_file(exercise: Exercise) -> PlainTextResponse:
    """The file that an exercise starts from."""
    return PlainTextResponse(exercise.stub, media_type="text/x-python", headers=attached(f"{exercise.name}.py"))
