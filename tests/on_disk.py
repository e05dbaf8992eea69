"""Submissions as they lie on a disk, folders and zips, and what is said of them."""

from __future__ import annotations

import os
import sys
import zipfile
from pathlib import Path

import pytest

from grader.submission import load_submission

CODE = b"x = 1\n"
needs_links = pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")
needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
needs_permissions = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything, and Windows has other permissions"
)
needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux file systems take any bytes as a name")


def make_folder(root: Path, files: dict[str, bytes]) -> Path:
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return root


def make_zip(path: Path, files: dict[str, bytes] | list[tuple[str | zipfile.ZipInfo, bytes]], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in files.items() if isinstance(files, dict) else files:
            archive.writestr(name, data)
    return path


def entry_of_kind(name: str, kind: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.create_system = 3
    entry.external_attr = (kind | 0o644) << 16
    return entry


def paths(submission) -> list[str]:
    return [file.path for file in submission.files]


def problems(submission) -> dict[str, str]:
    return {problem.path: problem.message for problem in submission.problems}


def only_problem(submission) -> str:
    assert submission.files == ()
    assert len(submission.problems) == 1
    return submission.problems[0].message


def load_text(tmp_path: Path, data: bytes):
    (tmp_path / "work.py").write_bytes(data)
    return load_submission(tmp_path / "work.py")
