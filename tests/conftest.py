"""What several test files share: the courses, one warm sandbox, and submissions made from texts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.catalog import Course, load_course
from grader.grading import Grader
from grader.model import SourceFile, Submission
from grader.sandbox import Sandbox
from tests.loop import make_course

HERE = Path(__file__).parent


@pytest.fixture(scope="session", autouse=True)
def open_memory() -> Iterator[None]:
    """Keep the shield off this process, which could never take it off again; tests of the shield start processes of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("grader.secrecy.shield_memory", lambda: None)
        yield


@pytest.fixture(scope="session")
def tiny_course() -> Course:
    return load_course(HERE / "courses" / "tiny")


@pytest.fixture(scope="session")
def default_course() -> Course:
    return load_course()


@pytest.fixture(scope="session")
def default_grader(default_course: Course) -> Grader:
    return Grader(default_course)


@pytest.fixture(scope="session")
def tiny_grader(tiny_course: Course) -> Grader:
    return Grader(tiny_course)


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    if not sys.platform.startswith("linux"):
        pytest.skip("the process sandbox needs Linux")
    from grader.sandbox.process import ProcessSandbox

    with ProcessSandbox() as box:
        yield box


@pytest.fixture
def submit() -> Callable[..., Submission]:
    """Makes a submission of texts: ``submit(power="...")`` or ``submit({"a/b.py": "..."})``."""

    def make(files: dict[str, str] | None = None, **named: str) -> Submission:
        texts = {**(files or {}), **{f"{name}.py": text for name, text in named.items()}}
        sources = tuple(SourceFile(path=path, text=text, sha256="0" * 64, size=len(text)) for path, text in sorted(texts.items()))
        return Submission(name="somebody", files=sources, digest="sha256:" + "0" * 64)

    return make


@pytest.fixture(scope="session")
def two_exercises(tmp_path_factory) -> Path:
    """A course of two exercises, ``power`` and ``root``."""
    return make_course(tmp_path_factory.mktemp("loop") / "course")


@pytest.fixture
def work(tmp_path, monkeypatch) -> Path:
    """The empty folder of somebody who stands in it."""
    monkeypatch.delenv("CI", raising=False)
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder
