"""A Python file as it was found, before anything of it is read, and how much is read at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from grader.cells import is_notebook

# What years of real work carry along: caches, what macOS adds to a zip, installed packages.
SKIPPED_FOLDERS = frozenset({"__MACOSX", "__pycache__", "node_modules", "site-packages"})
ENVIRONMENT_MARK = "pyvenv.cfg"

IS_A_LINK = "is a symbolic link and is not followed; put the file itself in its place"
NOT_ORDINARY = "is not an ordinary file but a pipe, a device or the like; put a text file in its place"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much of a submission is looked at.

    ``entries`` counts everything that is found, not only Python files; ``depth`` counts the folders above a file. A notebook with its
    plots may have ``notebook_bytes`` and ``notebook_items`` values of JSON, all of a submission ``notebooks_bytes``; its code counts
    like a file.
    """

    file_bytes: int = 256 * 1024
    total_bytes: int = 4 * 1024 * 1024
    files: int = 200
    entries: int = 5000
    depth: int = 8
    notebook_bytes: int = 32 * 1024 * 1024
    notebooks_bytes: int = 96 * 1024 * 1024
    notebook_items: int = 2_000_000
    cells: int = 2000


class Unusable(Exception):  # noqa: N818 - it is a finding about one file, not an error of ours
    """Why a file cannot be used, as the rest of a sentence that begins with its path; ``spent`` bytes were unpacked to find it out."""

    def __init__(self, sentence: str, *, spent: int = 0) -> None:
        super().__init__(sentence)
        self.spent = spent


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One file of a submission: how to read it, or why it is not to be read.

    ``read(limit)`` gives its bytes, and raises Unusable if there are more than `limit` or if they cannot be read.
    """

    path: str
    read: Callable[[int], bytes] | None = None
    problem: str = ""


def is_hidden(name: str) -> bool:
    """Whether a file or folder of this name is none of the student's work."""
    return (name.startswith(".") and name not in (".", "..")) or name in SKIPPED_FOLDERS


def is_code(name: str) -> bool:
    """Whether a file of this name is read: a Python file or a notebook."""
    return name.endswith(".py") or is_notebook(name)


def may_be_code(name: str) -> bool:
    """Whether a link of this name may stand for a file that is read or for a folder of them; what it leads to is not asked."""
    return is_code(name) or "." not in name


def too_large(size: int, limit: int) -> str:
    """The sentence about a file of `size` bytes where `limit` are read."""
    shown = f"{size / 2**20:.1f} MiB" if size >= 2**20 else f"{size / 2**10:.1f} KiB"
    return f"has {shown} and was not read, since a file may have {limit / 2**10:g} KiB; take out what is not code"


def too_deep(depth: int) -> str:
    """The sentence about what lies below more than `depth` folders."""
    return f"lies more than {depth} folders deep, so it was not read; move it up"
