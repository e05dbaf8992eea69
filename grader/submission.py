"""Read a submission: a folder, one file or a zip. Nothing of it is executed, extracted or followed out of its place.

Whatever is wrong with one file is a sentence about that file, not the end: the others are graded.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader.errors import SubmissionError
from grader.model import Problem, SourceFile, Submission
from grader.safe_text import safe_text

# Encodings in which an ASCII character is one byte and no other byte can pass for one, so that the cookie hides nothing.
COOKIE_ENCODINGS = frozenset(
    [
        *("utf-8", "utf8", "ascii", "us-ascii", "latin-1", "latin1", "iso-8859-1", "iso-8859-15", "cp1252", "windows-1252", "cp1251"),
        *("koi8-r", "gbk", "gb2312", "gb18030", "big5", "shift_jis", "euc-kr", "euc-jp"),
    ]
)
COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)")
SKIPPED_FOLDERS = frozenset({"__MACOSX", "__pycache__", "site-packages", "node_modules"})
SHADOWS = "has the name of a library, which is what an import finds; rename it"
LIBRARIES = frozenset({"numpy", "scipy", *sys.stdlib_module_names})


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much of a submission is looked at."""

    file_bytes: int = 256 * 1024
    total_bytes: int = 4 * 1024 * 1024
    files: int = 200
    entries: int = 5000
    depth: int = 8


@dataclass(frozen=True, slots=True)
class _Found:
    """One Python file as it was found: its bytes, or the reason why there are none."""

    path: str
    data: bytes = b""
    problem: str = ""


def load_submission(path: Path, *, name: str | None = None, bounds: Bounds | None = None) -> Submission:
    """Read the submission at `path`.

    Returns
    -------
    All usable ``.py`` files, sorted by path, and one problem for each that is not. The digest depends on paths and contents alone.

    Raises
    ------
    SubmissionError
        If there is nothing there that can be read at all.
    """
    bounds = bounds or Bounds()
    try:
        if path.is_dir():
            found = list(_walk(path, bounds))
            title = path.resolve().name
        elif path.suffix == ".zip" and path.is_file():
            found = list(_unzip(path, bounds))
            title = path.stem
        elif path.suffix == ".py" and path.is_file():
            found = [_read(path, path.name, bounds)]
            title = path.stem
        else:
            raise _unreadable(path)
    except OSError as error:
        raise SubmissionError(f"{safe_text(str(path))} cannot be read: {error.strerror}", remedy="Check its permissions.") from error
    return _assemble(name or title, found, bounds)


def _unreadable(path: Path) -> SubmissionError:
    shown = safe_text(str(path))
    if not path.exists():
        remedy = "Name a folder, a .py file or a .zip; `grade list` has the names of exercises."
        return SubmissionError(f"there is no {shown}", remedy=remedy)
    return SubmissionError(f"{shown} is neither a folder nor a .py file nor a .zip", remedy="Name one of these.")


def _assemble(name: str, found: list[_Found], bounds: Bounds) -> Submission:
    files: list[SourceFile] = []
    problems: list[Problem] = []
    total = 0
    for one in sorted(found, key=lambda one: one.path):
        problem = one.problem
        text = ""
        if not problem:
            text, problem = decode_source(one.data)
        if not problem and len(files) >= bounds.files:
            problem = f"is beyond the {bounds.files} files that are read of one submission"
        if not problem and total + len(one.data) > bounds.total_bytes:
            problem = f"is beyond the {bounds.total_bytes >> 20} MiB that are read of one submission"
        if problem:
            problems.append(Problem(path=safe_text(one.path), message=problem))
            continue
        if PurePosixPath(one.path).stem in LIBRARIES:
            problems.append(Problem(path=safe_text(one.path), message=SHADOWS))
        total += len(one.data)
        files.append(SourceFile(path=one.path, text=text, sha256=hashlib.sha256(one.data).hexdigest(), size=len(one.data)))
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.path.encode() + b"\0" + file.sha256.encode() + b"\n")
    return Submission(name=safe_text(name), files=tuple(files), problems=tuple(problems), digest=f"sha256:{digest.hexdigest()}")


# --------------------------------------------------------------------------------------------------------------------- folders


def _walk(root: Path, bounds: Bounds) -> Iterator[_Found]:
    """Find the Python files below `root` without following a link."""
    pending: list[tuple[Path, str, int]] = [(root, "", 0)]
    seen = 0
    while pending:
        folder, prefix, depth = pending.pop()
        with os.scandir(folder) as entries:
            for entry in entries:
                seen += 1
                if seen > bounds.entries:
                    yield _Found(prefix or ".", problem=f"holds more than {bounds.entries} entries; the rest was not looked at")
                    return
                path = prefix + os.fsencode(entry.name).decode("utf-8", "backslashreplace")
                if entry.is_dir(follow_symlinks=False):
                    if depth < bounds.depth and not _is_skipped(Path(entry.path)):
                        pending.append((Path(entry.path), path + "/", depth + 1))
                elif entry.name.endswith(".py") and not entry.name.startswith("."):
                    yield _read(Path(entry.path), path, bounds)


def _is_skipped(folder: Path) -> bool:
    return folder.name.startswith(".") or folder.name in SKIPPED_FOLDERS or (folder / "pyvenv.cfg").exists()


def _read(path: Path, shown: str, bounds: Bounds) -> _Found:
    """Read one file, unless it is a link, a pipe, a device or too large."""
    # Without O_NONBLOCK opening a pipe would wait for a writer for ever; without O_NOFOLLOW a link could lead to the hidden checks.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
    if path.is_symlink():
        return _Found(shown, problem="is a symbolic link, which is not followed; put the file itself there")
    try:
        descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0))
    except OSError as error:
        return _Found(shown, problem=f"cannot be opened ({error.strerror}); check its permissions")
    with open(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return _Found(shown, problem="is no ordinary file; put a text file there")
        if status.st_size > bounds.file_bytes:
            return _Found(shown, problem=_too_large(status.st_size, bounds))
        data = file.read(bounds.file_bytes + 1)
    if len(data) > bounds.file_bytes:
        return _Found(shown, problem=_too_large(len(data), bounds))
    return _Found(shown, data)


def _too_large(size: int, bounds: Bounds) -> str:
    return f"has {size / 1024:.0f} KiB, and no exercise needs more than {bounds.file_bytes // 1024}; take out what is not code"


# ------------------------------------------------------------------------------------------------------------------------ zips


def _unzip(path: Path, bounds: Bounds) -> Iterator[_Found]:
    """Read the Python files of an archive in memory, by names that are judged before they are used."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > bounds.entries:
                text = f"{safe_text(str(path))} has {len(entries)} entries, and at most {bounds.entries} are read"
                raise SubmissionError(text, remedy="Zip only the exercise files.")
            yield from _entries(archive, entries, bounds)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, ValueError, EOFError) as error:
        text = f"{safe_text(str(path))} is no readable zip: {safe_text(str(error))}"
        raise SubmissionError(text, remedy="Zip the files again.") from error


def _entries(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], bounds: Bounds) -> Iterator[_Found]:
    wanted = [entry for entry in entries if _is_wanted(entry)]
    names = [entry.filename.lower() for entry in wanted]
    top = _common_top([entry.filename for entry in wanted])
    left = bounds.total_bytes
    for entry in wanted:
        found = _read_entry(archive, entry, names, bounds, left)
        left -= len(found.data)
        yield _Found(found.path.removeprefix(top), found.data, found.problem)


def _is_wanted(entry: zipfile.ZipInfo) -> bool:
    parts = entry.filename.replace("\\", "/").split("/")
    hidden = any((part.startswith(".") and part not in (".", "..")) or part in SKIPPED_FOLDERS for part in parts)
    return entry.filename.endswith((".py", ".zip")) and not hidden


def _common_top(names: list[str]) -> str:
    """The one folder that a whole archive sits in, as download buttons make it; nothing if a file lies beside it.

    A folder that is itself part of a layout, such as ``cs231n``, loses nothing by this: paths are found by their ends.
    """
    tops = {name.split("/")[0] for name in names}
    if len(tops) == 1 and all("/" in name for name in names) and tops != {".."}:
        return f"{tops.pop()}/"
    return ""


def _read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, names: list[str], bounds: Bounds, left: int) -> _Found:
    name = entry.filename
    problem = _entry_problem(entry, names)
    if not problem and entry.file_size > bounds.file_bytes:
        problem = _too_large(entry.file_size, bounds)
    if not problem and left <= 0:
        problem = f"is beyond the {bounds.total_bytes >> 20} MiB that are read of one submission"
    if problem:
        return _Found(name, problem=problem)
    try:
        with archive.open(entry) as file:
            # The size in the header is only what the archive says of itself.
            data = file.read(bounds.file_bytes + 1)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        return _Found(name, problem=f"cannot be unpacked ({safe_text(str(error))}); zip it again")
    except Exception as error:
        # Each decompressor has an error class of its own (zlib.error, LZMAError).
        if type(error).__name__ not in ("error", "LZMAError"):
            raise
        return _Found(name, problem="cannot be unpacked: its data is damaged; zip it again")
    if len(data) > bounds.file_bytes:
        return _Found(name, problem=_too_large(len(data), bounds))
    return _Found(name, data)


def _entry_problem(entry: zipfile.ZipInfo, names: list[str]) -> str:
    name = entry.filename
    if name.endswith(".zip"):
        return "is a zip inside the zip, which is not opened; zip the files themselves"
    if "\\" in name or name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in name.split("/") or "\0" in name:
        return "has a path that leads out of the archive and is ignored; zip the files from within their folder"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "is a symbolic link, which is not followed; put the file itself there"
    if names.count(name.lower()) > 1:
        return "is in the archive more than once, so it is unclear which one counts; keep one"
    if entry.flag_bits & 0x1:
        return "is encrypted; zip it without a password"
    return ""


# ------------------------------------------------------------------------------------------------------------------------ text


def decode_source(data: bytes) -> tuple[str, str]:
    """Give the text of a source file with plain newlines, or the sentence that says why it has none."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    else:
        encoding = "utf-8-sig"
        for line in data.split(b"\n", 2)[:2]:
            cookie = COOKIE.match(line)
            if cookie is not None and not data.startswith(b"\xef\xbb\xbf"):
                encoding = cookie.group(1).decode("ascii").lower().replace("_", "-").replace("shift-jis", "shift_jis")
                break
        if encoding not in COOKIE_ENCODINGS and encoding != "utf-8-sig":
            return "", f"declares the encoding {safe_text(encoding)}, which is not read; save it as UTF-8"
    try:
        text = data.decode("utf-8-sig" if encoding in ("utf-8", "utf8") else encoding)
    except UnicodeDecodeError as error:
        line_number = data.count(b"\n", 0, error.start) + 1
        return "", f"is not {encoding.removesuffix('-sig').upper()} text (line {line_number}, byte {error.start}); save it as UTF-8"
    if "\0" in text:
        return "", f"has a NUL character in line {text.count(chr(10), 0, text.index(chr(0))) + 1}; save it as plain text"
    return text.replace("\r\n", "\n").replace("\r", "\n"), ""
