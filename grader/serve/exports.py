"""Every form of the marks that `grade export` knows, the class report, and all scorecards, as files to download.

All of it comes from the marks as they stand; nothing is kept on the disk. A folder becomes a zip, which is sent while it is made, one
scorecard in memory at a time.
"""

from __future__ import annotations

import io
import itertools
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from grader.batch.cards import StudentCards, sources_of
from grader.classwork import Revision, Student
from grader.errors import ExitCode, LayerwiseError
from grader.export import EXPORTS, ClassResults, Export
from grader.export.gradescope import VISIBILITIES
from grader.export.results import Document
from grader.intake import read_roster, safe_id
from grader.intake.matching import index_roster, match
from grader.intake.places import Claim, KeyKind
from grader.model import View
from grader.scorecard import render_scorecard, scorecard_document
from grader.serve.gradebook import Row, revision_of, rows_of

if TYPE_CHECKING:
    from grader.serve.service import Service

LONGEST_NAME = 200
MOST_POINTS = 1_000_000
MEDIA = {".csv": "text/csv; charset=utf-8", ".html": "text/html; charset=utf-8", ".zip": "application/zip"}
# What is no form of `grade export`.
WHOLE = ("report", "scorecards", "scorecards-student")


class NoExport(LayerwiseError):  # noqa: N818 - it is named after what it says
    """What was asked for cannot be written."""

    exit_code = ExitCode.SUBMISSION_UNREADABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the form of the page says. ``roster`` are the bytes of a platform's own file, empty if none was given."""

    form: str
    view: str = View.STUDENT.value
    assignment: str = ""
    classroom: str = ""
    out_of: str = ""
    by_exercise: bool = False
    hidden_checks: str = VISIBILITIES[0]
    roster: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A file to send, and what is not in it."""

    name: str
    media_type: str
    parts: Iterable[bytes]
    notes: tuple[str, ...] = ()


def download(service: Service, wanted: Wanted) -> Download:
    """Make a file of the marks as they stand.

    Raises
    ------
    NoExport, ExportError, IntakeError
        If it cannot be made, before anything is sent.
    """
    rows = rows_of(service)
    revision = revision_of(service, rows)
    if wanted.form == "report":
        return _report(service, revision)
    if wanted.form in WHOLE:
        view = View.INSTRUCTOR if wanted.form == "scorecards" else View.STUDENT
        cards = _Cards(service, rows, view)
        return _zip(wanted.form, ((f"{safe_id(row.student.id)}.json", text) for row in rows if (text := cards.text(row.student.id))))
    if wanted.form not in EXPORTS:
        raise NoExport("there is no such export", remedy="Choose one from the page Exports.")
    return _export(service, wanted, rows, revision)


def _export(service: Service, wanted: Wanted, rows: tuple[Row, ...], revision: Revision) -> Download:
    if wanted.view not in list(View) or wanted.hidden_checks not in VISIBILITIES:
        raise NoExport("there is no such view", remedy="Choose one from the page Exports.")
    if max(len(wanted.assignment), len(wanted.classroom)) > LONGEST_NAME:
        raise NoExport(f"a name can have at most {LONGEST_NAME} characters", remedy="Give a shorter one.")
    export = EXPORTS[wanted.form]
    results = ClassResults(
        students=people(rows, wanted.roster),
        revision=revision,
        card=_Cards(service, rows, View(wanted.view)),
        assignment=wanted.assignment,
        classroom=wanted.classroom,
        out_of=_points_of(wanted.out_of),
        by_exercise=wanted.by_exercise,
        hidden_checks=wanted.hidden_checks,
        submitted_at=dict(_times(service, revision)),
    )
    notes = tuple(export.notes(results))
    if export.many:
        return _zip(wanted.form, _first_made(export, results), notes)
    ((name, text),) = export.writer(results)
    return Download(name=name, media_type=_media(name), parts=(text.encode(),), notes=notes)


def _first_made(export: Export, results: ClassResults) -> Iterator[tuple[str, str]]:
    """The files, of which one is made at once: what is wrong with all of them shows before anything is sent."""
    files = export.writer(results)
    first = next(files, None)
    if first is None:
        raise NoExport("nobody has a final mark and a scorecard yet", remedy="Wait until uploads are graded, then export again.")
    return itertools.chain([first], files)


def _report(service: Service, revision: Revision) -> Download:
    from grader.analysis.gather import gather
    from grader.report.class_page import render_class_page

    made: str = service.class_memory.get(
        "report", _said(revision), lambda: render_class_page(gather(service.reader, service.course, revision))
    )
    return Download(name="class.html", media_type=_media("class.html"), parts=(made.encode(),))


def _said(revision: Revision) -> object:
    return revision.marks, revision.points


def _points_of(text: str) -> Fraction | None:
    """What a platform gives for all of it; None if that is not said."""
    if not text:
        return None
    try:
        points = Fraction(text.replace(",", ".")) if len(text) < 20 else Fraction(0)
    except (ValueError, ZeroDivisionError):
        points = Fraction(0)
    if not 0 < points <= MOST_POINTS:
        raise NoExport(f"the points on the platform must be a number above 0, and at most {MOST_POINTS}", remedy="For example 100.")
    return points


def _times(service: Service, revision: Revision) -> Iterator[tuple[str, datetime]]:
    newest: dict[str, int] = {}
    for mark in revision.marks:
        if mark.handin is not None:
            newest[mark.student] = max(mark.handin, newest.get(mark.student, 0))
    for student, number in newest.items():
        at = service.reader.handin(number).handin.submitted_at
        if at is not None:
            yield student, at


# ----------------------------------------------------------------------------------------------------------------------- people


def people(rows: Iterable[Row], roster: bytes = b"") -> tuple[Student, ...]:
    """Everybody with the row that the platform wants back: of the file that was given, else of the roster that was read last.

    Raises
    ------
    IntakeError
        If the file cannot be read.
    """
    if not roster:
        return tuple(row.student for row in rows)
    given = _read(roster)
    index = index_roster(given)
    by_id = {student.id: student for student in given}
    found = []
    for row in rows:
        keys = ((KeyKind.ID, row.student.id), (KeyKind.LOGIN, row.student.id), (KeyKind.EMAIL, row.student.email))
        matched = match(Claim(id=row.student.id, keys=tuple(key for key in keys if key[1])), index).students
        theirs = by_id[matched[0]] if len(matched) == 1 else Student(id=row.student.id)
        name, email = row.student.name or theirs.name, row.student.email or theirs.email
        found.append(Student(id=row.student.id, name=name, section=theirs.section, email=email, columns=theirs.columns))
    return tuple(found)


def _read(roster: bytes) -> tuple[Student, ...]:
    with tempfile.TemporaryDirectory(prefix="layerwise-") as folder:
        path = Path(folder) / "roster.csv"
        path.write_bytes(roster)
        return read_roster(path)


# ------------------------------------------------------------------------------------------------------------------- scorecards


class _Cards:
    """The scorecard of each student as the marks stand, in one view."""

    def __init__(self, service: Service, rows: Iterable[Row], view: View) -> None:
        editions = service.cards.editions
        # What was graded by earlier checks is told by those.
        self._cards = StudentCards(service.reader, service.course, lambda found: one.checks if (one := editions.of(found)) else None)
        self._marks = {row.student.id: row.marks for row in rows}
        self._view = view

    def __call__(self, student: str) -> Document | None:
        card = self._cards.card(student, sources_of(self._marks[student].values())) if student in self._marks else None
        return None if card is None else scorecard_document(card, self._view)

    def text(self, student: str) -> str:
        """Its JSON; empty where there is none."""
        card = self._cards.card(student, sources_of(self._marks[student].values()))
        return "" if card is None else render_scorecard(card, self._view)


# -------------------------------------------------------------------------------------------------------------------------- zip


class _Sink(io.RawIOBase):
    """What a zip is written into, to be taken out a piece at a time. It cannot go back, so the zip says the sizes after each file."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]  # whatever has bytes
        self._pieces.append(piece)
        return len(piece)

    def take(self) -> bytes:
        """All that was written since the last time."""
        found = b"".join(self._pieces)
        self._pieces.clear()
        return found


def _zip(name: str, files: Iterable[tuple[str, str]], notes: tuple[str, ...] = ()) -> Download:
    return Download(name=f"{name}.zip", media_type=_media(".zip"), parts=_zipped(name, files), notes=notes)


def _zipped(folder: str, files: Iterable[tuple[str, str]]) -> Iterator[bytes]:
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, text in files:
            archive.writestr(f"{folder}/{name}", text)
            yield sink.take()
    yield sink.take()


def _media(name: str) -> str:
    return next((media for suffix, media in MEDIA.items() if name.endswith(suffix)), "application/octet-stream")
