"""Load a hand-in as one submission: folders, zips within them and loose files, under the names that the student gave."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

from grader.cells import is_notebook
from grader.classwork import Handin, Part
from grader.errors import SubmissionError, blame_no_file
from grader.model import Problem, Submission
from grader.safe_text import safe_text
from grader.submission import Bounds, load_submission
from grader.submission.archive import open_archive
from grader.submission.candidate import ENVIRONMENT_MARK, IS_A_LINK, NOT_ORDINARY, Candidate, Unusable, is_code, is_hidden
from grader.submission.folder import find_in_folder, is_link, read_regular
from grader.submission.load import Left, capped, digest_of, read_all

DEFAULT_BOUNDS = Bounds()
MOST_ZIPS = 20
NOT_CODE = "is neither a Python file nor a notebook nor a .zip"


def load_handin(handin: Handin, *, bounds: Bounds = DEFAULT_BOUNDS, keep: frozenset[str] = frozenset()) -> Submission:
    """Read `handin` as one submission, named after its student.

    All parts share `bounds`. A file that is there twice with the same content, as in a zip and unpacked beside it, is one; with another
    content neither is read. What is wrong with one part is a problem, and the others are graded. Nothing is written or unpacked. The digest
    is that of ``load_submission`` for the same files.

    Raises
    ------
    SubmissionError
        If no part can be read at all.
    """
    name = safe_text(handin.student) or "submission"
    with ExitStack() as stack:
        candidates: list[Candidate] = []
        # Shared by all parts: twenty zips of the same large notebooks would be unpacked twenty times to be compared.
        left = Left(text=0, notebooks=bounds.notebooks_bytes)
        problems: list[Problem] = []
        failed: list[SubmissionError] = []
        for part in handin.parts:
            try:
                if _is_one_file(handin, part):
                    return load_submission(part.path, name=name, bounds=bounds, keep=keep)
                for group in _open_part(part, stack, bounds, keep, problems):
                    _merge(candidates, group, bounds, left)
            except (SubmissionError, Unusable, OSError, ValueError) as error:
                failed.append(_failure(part, error))
                problems.append(Problem(path=safe_text(part.name), message=str(failed[-1]).removeprefix(f"{safe_text(part.name)} ")))
        if failed and len(failed) == len(handin.parts):
            raise failed[0]
        if not handin.parts:
            raise SubmissionError(f"{safe_text(handin.source)} has no files", remedy="Hand in a folder, a .py file, a notebook or a .zip.")
        # Bounds, refusals and the digest must be those of a single submission, so it is the same code that sees to them.
        files, found = read_all(candidates, bounds)
    everything = capped(list(dict.fromkeys((*found, *problems))))
    return Submission(name=name, files=files, problems=everything, digest=digest_of(files))


def _is_one_file(handin: Handin, part: Part) -> bool:
    """Whether it is a single file under its own name, which ``load_submission`` reads, with what it says of broken ones."""
    return len(handin.parts) == 1 and part.name == part.path.name and not part.path.is_dir()


def _failure(part: Part, error: Exception) -> SubmissionError:
    shown = safe_text(part.name)
    if isinstance(error, OSError):
        blame_no_file(error, safe_text(str(part.path)))
    if isinstance(error, SubmissionError):
        return SubmissionError(str(error).replace(safe_text(str(part.path)), shown), remedy=error.remedy)
    if isinstance(error, Unusable):
        return SubmissionError(f"{shown} {error}", remedy="Hand in a folder, a .py file, a notebook or a .zip.")
    reason = (error.strerror if isinstance(error, OSError) else "") or safe_text(str(error))
    return SubmissionError(f"{shown} cannot be read: {reason}", remedy="Check that it is there, and its permissions.")


def _open_part(part: Part, stack: ExitStack, bounds: Bounds, keep: frozenset[str], problems: list[Problem]) -> Iterator[list[Candidate]]:
    """The files of a part, those of every folder and zip together: names that are twice in one of them are the student's affair."""
    status = part.path.lstat()
    if is_link(status):
        raise Unusable(IS_A_LINK)
    if stat.S_ISDIR(status.st_mode):
        yield find_in_folder(part.path, bounds)
        for inner, folder in _zips_below(part.path, bounds):
            shown = safe_text(f"{folder}{inner.name}")
            try:
                yield [replace(one, path=f"{folder}{one.path}") for one in stack.enter_context(open_archive(inner, bounds, keep))]
            except (SubmissionError, Unusable, OSError, ValueError) as error:
                problems.append(Problem(path=shown, message=str(_failure(Part(path=inner, name=shown), error)).removeprefix(f"{shown} ")))
    elif not stat.S_ISREG(status.st_mode):
        raise Unusable(NOT_ORDINARY)
    elif part.name.lower().endswith(".zip"):
        yield stack.enter_context(open_archive(part.path, bounds, keep))
    elif is_code(part.name):
        yield [Candidate(path=part.name, read=partial(read_regular, part.path))]
    else:
        raise Unusable(NOT_CODE)


def _zips_below(root: Path, bounds: Bounds) -> Iterator[tuple[Path, str]]:
    """The zips in a folder of one student, each with the folder that it lies in, with a slash, or nothing; no link is followed."""
    left, count = bounds.entries, 0
    for folder, inner, files in os.walk(root, onerror=blame_no_file, followlinks=False):
        parts = Path(folder).relative_to(root).parts
        left -= len(inner) + len(files)
        if left < 0:
            return
        is_environment = bool(parts) and ENVIRONMENT_MARK in files
        inner[:] = [] if is_environment or len(parts) >= bounds.depth else sorted(name for name in inner if not is_hidden(name))
        for name in sorted(files) if not is_environment else []:
            path = Path(folder, name)
            if name.lower().endswith(".zip") and not is_hidden(name) and stat.S_ISREG(path.lstat().st_mode):
                count += 1
                if count > MOST_ZIPS:
                    return
                yield path, "".join(f"{one}/" for one in parts)


def _merge(before: list[Candidate], more: list[Candidate], bounds: Bounds, left: Left) -> None:
    """Add `more` to the candidates `before`; a file of the same name and content as one of those is left out."""
    known = {one.path: one.read for one in before if one.read is not None and not one.problem}
    compared = 0
    for one in more:
        twin = known.get(one.path)
        if twin is not None and one.read is not None and not one.problem and compared < bounds.files and left.notebooks > 0:
            compared += 1
            if _same(twin, one.read, bounds.notebook_bytes if is_notebook(one.path) else bounds.file_bytes, left):
                continue
        before.append(one)


def _same(first: Callable[[int], bytes], second: Callable[[int], bytes], limit: int, left: Left) -> bool:
    try:
        one, other = first(limit), second(limit)
    except Unusable as error:
        left.notebooks -= error.spent
        return False
    left.notebooks -= len(one) + len(other)
    return one == other
