"""A Gradescope autograder: a zip with ``setup.sh`` and ``run_autograder`` at its top, and the course with its hidden side."""

from __future__ import annotations

import io
import json
import tomllib
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from grader import __version__
from grader.export.gradescope import VISIBILITIES
from grader.export.results import ExportError
from grader.safe_text import safe_text

SCRIPTS = Path(__file__).parent / "gradescope_autograder"
EXECUTABLE, PRIVATE = 0o755, 0o600
# Zip has no earlier time; a fixed one makes the same zip of the same course.
EPOCH = (1980, 1, 1, 0, 0, 0)
# The parts of a course that grading reads.
TREES = ("exercises", "reference")
LEFT_OUT = ("__pycache__", ".git", ".pytest_cache")


def build_autograder(
    root: Path,
    *,
    seed: bytes | None,
    exercises: Sequence[str] = (),
    wheels: Sequence[Path] = (),
    hidden_checks: str = VISIBILITIES[0],
) -> bytes:
    """Build the zip of a course.

    Parameters
    ----------
    root
        The folder of the course.
    seed
        Its secret seed, None if it has none.
    exercises
        Those that are graded; all if there are none.
    wheels
        Wheels to install from, best Layerwise's own among them; else the package index must have this version.
    hidden_checks
        When students see the results of hidden checks: one of ``VISIBILITIES``.

    Raises
    ------
    ExportError
        If a wheel or a part of the course cannot be read.
    """
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, mode in (("setup.sh", EXECUTABLE), ("run_autograder", EXECUTABLE), ("README.txt", PRIVATE)):
            _add(archive, name, (SCRIPTS / name).read_bytes(), mode)
        settings = {"exercises": list(exercises), "hidden_checks": hidden_checks}
        _add(archive, "settings.json", json.dumps(settings).encode())
        _add(archive, "requirements.txt", f"layerwise=={__version__}\n".encode())
        try:
            for name, content in (*_course(root, seed), *((f"wheels/{path.name}", path.read_bytes()) for path in wheels)):
                _add(archive, name, content)
        except OSError as error:
            text = f"{safe_text(str(error.filename))} cannot be read: {error.strerror}"
            raise ExportError(text, remedy="Name wheels and a course that are there.") from error
    return written.getvalue()


def _course(root: Path, seed: bytes | None) -> Iterator[tuple[str, bytes]]:
    """The files of the course, and its seed where the course looks for it."""
    text = (root / "course.toml").read_bytes()
    yield "course/course.toml", text
    for path in sorted(path for tree in TREES for path in (root / tree).rglob("*")):
        inside = path.relative_to(root)
        if path.is_file() and not set(LEFT_OUT) & set(inside.parts) and path.suffix != ".pyc":
            yield f"course/{inside.as_posix()}", path.read_bytes()
    if seed is None:
        return
    table = tomllib.loads(text.decode())["seed"]
    if "environment" in table:
        yield "seed.json", json.dumps({table["environment"]: seed.decode()}).encode()
        return
    place = PurePosixPath(table["file"])
    if place.is_absolute() or ".." in place.parts:
        sentence = f"the secret seed lies outside of the course, in {safe_text(str(place))}"
        raise ExportError(sentence, remedy="Name an environment variable in [seed] as well.")
    yield f"course/{place}", seed


def _add(archive: zipfile.ZipFile, name: str, content: bytes, mode: int = PRIVATE) -> None:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    # Unix, a regular file: the harness keeps the permissions of the archive.
    entry.create_system, entry.external_attr = 3, (0o100000 | mode) << 16
    archive.writestr(entry, content)
