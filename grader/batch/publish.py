"""Write what a results folder shows, from the store alone: a scorecard for each student in both views, and the gradebook.

Every file is replaced whole, so that a reader sees the old one or the new one; all of it can be written anew at any time.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from grader import __version__
from grader.batch.cards import Source, StudentCards, sources_of
from grader.catalog import Course
from grader.classwork import Mark, Revision
from grader.export.gradebook import render_gradebook
from grader.intake import safe_id
from grader.keep import write_whole
from grader.marks.marking import points_of
from grader.model import Scorecard, View
from grader.scorecard import render_scorecard

if TYPE_CHECKING:
    from grader.signing import PrivateKey
    from grader.store import Store

FOLDERS = {View.INSTRUCTOR: "scorecards", View.STUDENT: "scorecards-student"}
# What each scorecard was made of when it was written.
STAMPS = "scorecards/.written"


class Publisher:
    """Writes into one results folder what the store holds."""

    def __init__(self, store: Store, results: Path, course: Course, signer: PrivateKey | None = None) -> None:
        self.store = store
        self.results = results
        self.course = course
        self.signer = signer
        self.cards = StudentCards(store, course)
        self._points: dict[str, str] = {}
        self._written: dict[str, str] = {}
        for folder in FOLDERS.values():
            (results / folder).mkdir(parents=True, exist_ok=True)

    def publish(self, revision: Revision) -> None:
        """Write the scorecard of every student of a revision, and the gradebook. What is there already and says the same is left alone."""
        by_student: dict[str, list[Mark]] = defaultdict(list)
        for mark in revision.marks:
            by_student[mark.student].append(mark)
        before = _read_stamps(self.results / STAMPS) | self._written
        now: dict[str, str] = {}
        for student, marks in by_student.items():
            sources = sources_of(marks)
            name = f"{safe_id(student)}.json"
            stamp = self._stamp(sources)
            if (before.get(name) == stamp and self._is_there(name)) or self._write(student, sources):
                now[name] = stamp
        self._remove_strangers(now)
        write_whole(self.results / STAMPS, json.dumps(now))
        self.publish_gradebook(revision)

    def publish_gradebook(self, revision: Revision) -> None:
        """Write the gradebook alone, where no scorecard can have changed."""
        write_whole(self.results / "gradebook.csv", render_gradebook(self.store.students(), revision))

    def write_early(self, student: str, handin: int, keys: Mapping[str, str]) -> None:
        """Write the scorecard of a work that has just been graded. Which attempt counts is seen when all have been."""
        sources = [Source(exercise=exercise, handin=handin, record=key) for exercise, key in keys.items()]
        if self._write(student, sources):
            self._written[f"{safe_id(student)}.json"] = self._stamp(sources)

    def _stamp(self, sources: Sequence[Source]) -> str:
        """A hash of all that a scorecard says: whose outcomes, with which points, of which course, written by which Layerwise."""
        points = [self._points_of(source.exercise) for source in sources]
        key = "" if self.signer is None else self.signer.fingerprint
        said = json.dumps([__version__, self.course.digest, key, points, [dataclasses.astuple(one) for one in sources]], sort_keys=True)
        return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()

    def _is_there(self, name: str) -> bool:
        return all((self.results / folder / name).is_file() for folder in FOLDERS.values())

    def _write(self, student: str, sources: Sequence[Source]) -> bool:
        """Write a scorecard in both views, if there is one."""
        card = self.cards.card(student, sources)
        if card is None:
            return False
        name = f"{safe_id(student)}.json"
        for view, folder in FOLDERS.items():
            write_whole(self.results / folder / name, self._render(card, view))
        return True

    def _render(self, card: Scorecard, view: View) -> str:
        if self.signer is None:
            return render_scorecard(card, view, indent=None)
        from grader.signing import render_signed

        return render_signed(card, view, self.signer, indent=None)

    def _remove_strangers(self, written: Mapping[str, str]) -> None:
        """Take away scorecards of nobody: a student who has left the class, or work that was withdrawn. The store still has it all."""
        for folder in FOLDERS.values():
            for path in (self.results / folder).glob("*.json"):
                if path.name not in written:
                    path.unlink()

    def _points_of(self, exercise: str) -> str:
        """A hash of the points of each check, made once and not for every student."""
        if exercise not in self._points:
            table = json.dumps(points_of({exercise: self.cards.checks_of(exercise)}), sort_keys=True)
            self._points[exercise] = hashlib.sha256(table.encode()).hexdigest()
        return self._points[exercise]


def _read_stamps(path: Path) -> dict[str, str]:
    """What was written last, by file; nothing if that is not known, so that all is written again."""
    try:
        stamps: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamps if isinstance(stamps, dict) else {}
