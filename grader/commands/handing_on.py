"""What ``grade check --format`` gives to other programs: the form itself, and GitHub's step summary beside it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from grader.model import Scorecard, View

# The keys of grader.export.RENDERED, which `grade check` would import for its --help otherwise.
FORMS = ("junit", "github", "gradescope", "classroom50")
SUMMARY = "GITHUB_STEP_SUMMARY"


def render_for_machines(card: Scorecard, form: str, view: View, path: Path, environ: Mapping[str, str] = os.environ) -> str:
    """Render a scorecard in one of ``FORMS``. For ``github``, the summary is appended to the file that GitHub has named, if it has."""
    from grader.export import Setting, render_one
    from grader.export.github import render_summary
    from grader.scorecard import scorecard_document

    document = scorecard_document(card, view)
    text = render_one(form, document, Setting(environ=environ, folder=folder_in_repository(path, environ)))
    if form == "github" and environ.get(SUMMARY):
        with Path(environ[SUMMARY]).open("a", encoding="utf-8", newline="\n") as file:
            file.write(render_summary(document))
    return text


def folder_in_repository(path: Path, environ: Mapping[str, str]) -> str:
    """Where the submission's paths begin, seen from the root of the repository; empty if that is the root itself, or elsewhere."""
    folder = path if path.is_dir() else path.parent
    inside = os.path.relpath(folder.resolve(), Path(environ.get("GITHUB_WORKSPACE") or ".").resolve()).replace(os.sep, "/")
    return "" if inside == "." or inside.startswith("..") else inside
