"""Load a submission: whatever is wrong with one file is a sentence about that file, and the others are graded."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from grader.cells import is_notebook
from grader.errors import SubmissionError, blame_no_file
from grader.model import Problem, SourceFile, Submission
from grader.safe_text import safe_text
from grader.submission.candidate import IS_A_LINK, Bounds, Candidate, Unusable
from grader.submission.folder import find_in_folder, is_link, open_regular, read_regular
from grader.submission.text import decode_source

DEFAULT_BOUNDS = Bounds()
# So many sentences are more than anybody reads; a folder of thousands of links must not make a scorecard of megabytes.
MAX_PROBLEMS = 100
# A zip may have names of 64 KiB. Of accents in a wrong order, 30 such names took a minute to normalize, whose time grows with the square.
LONGEST_PATH = 1000
LONGEST_SHOWN = 200
LIBRARIES = frozenset({"numpy", "scipy", *sys.stdlib_module_names})
LIBRARY_NAME = "has the name of a library and is ignored, since an import would find it instead of the library; rename it"
ODD_NAME = "has a character in its name that cannot be shown and is ignored; rename it with letters, digits and underscores"
BACKSLASH = "has a backslash in its name, which means a folder only on Windows, and is ignored; rename it, or zip it again with /"
LONG_NAME = f"has a path of more than {LONGEST_PATH} characters and is ignored; rename it"
NAME_ONE = "Name a folder, a .py file, a notebook or a .zip."


def load_submission(
    path: Path, *, name: str | None = None, bounds: Bounds = DEFAULT_BOUNDS, keep: frozenset[str] = frozenset()
) -> Submission:
    """Read the submission at `path`: a folder, one ``.py`` file, one notebook or a zip.

    Parameters
    ----------
    path
        Where it is. It must not be a symbolic link: in a folder of submissions one could lead to the reference.
    name
        What it is called; the name of the folder, or of the file without its suffix, if None.
    bounds
        How much is read.
    keep
        Names of folders that belong to a layout. Any other folder that all the Python files of a zip lie in is taken off their paths.

    Returns
    -------
    All usable Python files and notebooks, sorted by path, and a problem for each that is not. The digest depends on the paths and the
    bytes of the files alone: a folder and a zip of its content have the same.

    Raises
    ------
    SubmissionError
        If it cannot be read at all.
    """
    shown = safe_text(str(path))
    try:
        with _opened(path, bounds, keep) as candidates:
            files, problems = read_all(candidates, bounds)
    except Unusable as error:
        raise SubmissionError(f"{shown} {error}", remedy=NAME_ONE) from error
    except FileNotFoundError as error:
        raise SubmissionError(f"there is no {shown}", remedy=f"{NAME_ONE} `grade list` has the names of exercises.") from error
    except (OSError, ValueError) as error:
        if isinstance(error, OSError):
            blame_no_file(error, shown)
        reason = (error.strerror if isinstance(error, OSError) else "") or safe_text(str(error))
        raise SubmissionError(f"{shown} cannot be read: {reason}", remedy="Check the path and its permissions.") from error
    if not files and is_notebook(path.name) and not path.is_dir():
        # Of a file that is not even a notebook, nothing is left that points could be given for.
        what, _semicolon, remedy = problems[0].message.partition("; ")
        raise SubmissionError(f"{shown} {what}", remedy=f"{remedy[:1].upper()}{remedy[1:]}." if remedy else NAME_ONE)
    title = name or (os.path.basename(os.path.abspath(path)) if path.is_dir() else path.stem)
    return Submission(name=safe_text(title or "submission"), files=files, problems=problems, digest=digest_of(files))


@contextmanager
def _opened(path: Path, bounds: Bounds, keep: frozenset[str]) -> Iterator[list[Candidate]]:
    status = path.lstat()
    suffix = path.suffix.lower()
    if is_link(status):
        raise SubmissionError(f"{safe_text(str(path))} {IS_A_LINK.split(';')[0]}", remedy="Name what it leads to.")
    if stat.S_ISDIR(status.st_mode):
        yield find_in_folder(path, bounds)
    elif stat.S_ISREG(status.st_mode) and suffix == ".zip":
        # zipfile brings bzip2, LZMA and more with it, which a student who checks a folder should not wait for.
        from grader.submission.archive import open_archive

        with open_archive(path, bounds, keep) as candidates:
            yield candidates
    elif stat.S_ISREG(status.st_mode) and (suffix == ".py" or is_notebook(path.name)):
        # Where the only file cannot be opened, nothing is left to grade, and the reason is not the student's.
        open_regular(path).close()
        yield [Candidate(path=path.name, read=partial(read_regular, path))]
    else:
        remedy = f"{NAME_ONE} Unpack other archives first."
        raise SubmissionError(f"{safe_text(str(path))} is not a folder, a .py file, a notebook or a .zip", remedy=remedy)


@dataclass(slots=True)
class Left:
    """How many bytes may still be read: of text, and of notebooks as they come; what was read in vain counts too."""

    text: int
    notebooks: int


def read_all(candidates: list[Candidate], bounds: Bounds) -> tuple[tuple[SourceFile, ...], tuple[Problem, ...]]:
    """Read what is usable, files in the upper folders first, until a bound is reached."""
    ordered = sorted(candidates, key=lambda one: (one.path.count("/"), one.path))
    refusals = _refusals(ordered)
    files: list[SourceFile] = []
    problems: dict[Problem, None] = {}
    left_out: list[str] = []
    left = Left(text=bounds.total_bytes, notebooks=bounds.notebooks_bytes)
    for one in ordered:
        shown = _shown(one.path)
        problem = one.problem or refusals.get(one.path, "")
        if not problem and (left_out or len(files) >= bounds.files):
            left_out.append(shown)
            continue
        try:
            if problem:
                raise Unusable(problem)
            file = _read_file(one, bounds, left)
            if file is None:
                left_out.append(shown)
            else:
                files.append(file)
        except Unusable as error:
            problems[Problem(path=shown, message=str(error))] = None
    if left_out:
        problems[Problem(path=left_out[0], message=_beyond(len(left_out), bounds))] = None
    return tuple(sorted(files, key=lambda file: file.path)), capped(list(problems))


def _read_file(one: Candidate, bounds: Bounds, left: Left) -> SourceFile | None:
    """Read one file as text, and of a notebook, whose plots may be large, its code; None if it is more than the whole may have."""
    if one.read is None:
        raise Unusable(one.problem)
    if min(left.text, left.notebooks) < 0:
        return None
    if is_notebook(one.path):
        from grader.submission.notebook import read_notebook

        data = _read_or_charge(one.read, bounds.notebook_bytes, left, "notebooks")
        # Counted before it is understood, so that a thousand broken ones do not take a thousand times as long.
        left.notebooks -= len(data)
        if left.notebooks < 0:
            return None
        text = read_notebook(data, bounds)
        left.text -= len(text.encode())
    else:
        data = _read_or_charge(one.read, bounds.file_bytes, left, "text")
        left.text -= len(data)
        text = decode_source(data) if left.text >= 0 else ""
    if left.text < 0:
        return None
    return SourceFile(path=one.path, text=text, sha256=hashlib.sha256(data).hexdigest(), size=len(data))


def _read_or_charge(read: Callable[[int], bytes], limit: int, left: Left, kind: str) -> bytes:
    try:
        return read(limit)
    except Unusable as error:
        setattr(left, kind, getattr(left, kind) - error.spent)
        raise


def _shown(path: str) -> str:
    """A path as a problem names it: a hundred of 64 KiB would make a scorecard of megabytes."""
    return safe_text(path if len(path) <= LONGEST_PATH else f"{path[:LONGEST_SHOWN]}…")


def _refusals(candidates: list[Candidate]) -> dict[str, str]:
    """The paths that are refused for their names alone, each with its sentence."""
    refusals = {one.path: LONG_NAME for one in candidates if len(one.path) > LONGEST_PATH}
    paths = [one.path for one in candidates if len(one.path) <= LONGEST_PATH]
    packages = {path.removesuffix("/__init__.py") for path in paths if path.endswith("/__init__.py")}
    alike: defaultdict[str, list[str]] = defaultdict(list)
    for path in paths:
        # As Windows and macOS compare names: there only one of the two could exist.
        alike[unicodedata.normalize("NFC", path).casefold()].append(path)
    for path in paths:
        place = PurePosixPath(path)
        if safe_text(path) != path:
            refusals[path] = ODD_NAME
        elif "\\" in path:
            refusals[path] = BACKSLASH
        elif len(same := alike[unicodedata.normalize("NFC", path).casefold()]) > 1:
            refusals[path] = _ambiguous(path, same)
        elif place.stem in LIBRARIES and str(place.parent) not in packages and not is_notebook(path):
            # `from .random import x` inside a package means the sibling and nothing else; a notebook cannot be imported.
            refusals[path] = LIBRARY_NAME
    return refusals


def _ambiguous(path: str, same: list[str]) -> str:
    others = sorted(set(same) - {path})
    if not others:
        return "is there more than once, so it is not clear which one counts and none was read; keep one"
    what = "differs from {} only in upper and lower case" if others[0].casefold() == path.casefold() else "looks the same as {}"
    return f"{what.format(safe_text(others[0]))}, so neither was read; keep one of them"


def _beyond(count: int, bounds: Bounds) -> str:
    more = f" and {count - 1} more after it" if count > 1 else ""
    allowed = f"a submission may have at most {bounds.files} files and {bounds.total_bytes / 2**20:g} MiB in total"
    return f"was not read{more}: {allowed}; take out what is not your own code"


def capped(problems: list[Problem]) -> tuple[Problem, ...]:
    """The problems in the order of their paths; where they are more than anybody reads, the first of them and how many there are."""
    first = sorted(problems[:MAX_PROBLEMS], key=lambda problem: (problem.path, problem.message))
    rest = len(problems) - len(first)
    if rest > 0:
        first.append(Problem(path=".", message=f"has {rest} more problems like these; hand in only the Python files"))
    return tuple(first)


def digest_of(files: tuple[SourceFile, ...]) -> str:
    """The digest of a submission: of the paths and bytes of its files alone."""
    digest = hashlib.sha256()
    for file in files:
        # No path that was let in has a NUL or a newline.
        digest.update(f"{file.path}\0{file.sha256}\n".encode())
    return f"sha256:{digest.hexdigest()}"
