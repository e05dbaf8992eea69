"""What is remembered of the work in a folder between two runs: which functions were green, which hints were given.

It is for the student's eyes alone. Nothing that grades reads it, and what it says is never taken for a mark: a test holds that no module
of the engine imports this one. docs/loop.md describes the file.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.keep import move_aside, write_whole
from grader.model import News, Scorecard, Verdict
from grader.safe_text import safe_text
from grader.submission.candidate import Unusable
from grader.submission.folder import read_regular

if TYPE_CHECKING:
    from grader.catalog import Course

FORMAT, VERSION = "layerwise progress", 1
FOLDER, FILE = ".layerwise", "progress.json"
LARGEST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What is remembered of one course: by ``exercise.function``, whether it was green and how many hints were given; by exercise,
    whether it was said what its author can now explain.
    """

    green: dict[str, bool] = field(default_factory=dict)
    hints: dict[str, int] = field(default_factory=dict)
    explained: frozenset[str] = frozenset()


@dataclass(slots=True)
class Journal:
    """The progress of one folder, or, where `folder` is None, of this process alone. ``complaint`` is said once: what was wrong with
    the file that was there.
    """

    folder: Path | None
    course: Course
    complaint: str = ""
    _progress: Progress | None = None

    def note(self, card: Scorecard) -> News:
        """Remember a scorecard and tell what has changed since the one before.

        A folder without any work of the course is left alone, lest somebody's home directory is written into.
        """
        if self.folder is not None and not any(is_own_place(self.course, one.name, one.path) for one in card.exercises):
            return News()
        before = self.read()
        after, news = compare(before or Progress(), card, self.course)
        self._write(after)
        # Without a folder, the first look cannot tell a module that was completed now from one that was complete last week.
        return news if before is not None or self.folder is not None else News()

    def read(self) -> Progress | None:
        """What is remembered; None if nothing is."""
        if self.folder is None:
            return self._progress
        found, complaint = _read(self.folder)
        self.complaint = complaint or self.complaint
        table = found.get("courses", {}).get(self.course.name)
        return _parse(table) if isinstance(table, dict) else None

    def change(self, change: Callable[[Progress], Progress]) -> bool:
        """Change what is remembered, as it is at this moment, and say whether that could be written down."""
        return self._write(change(self.read() or Progress()))

    def _write(self, progress: Progress) -> bool:
        self._progress = progress
        return self.folder is not None and _write(self.folder, self.course.name, progress)


def compare(before: Progress, card: Scorecard, course: Course) -> tuple[Progress, News]:
    """Bring progress up to date with a scorecard. Functions that were not graded, or that a fault of ours kept from it, stay."""
    now = {
        f"{exercise.name}.{function.name}": function.verdict is Verdict.ACCEPTED
        for exercise in card.exercises
        for function in exercise.functions
        if function.verdict is not Verdict.GRADER_ERROR
    }
    complete = {}
    for exercise in card.exercises:
        spec = course.exercise(exercise.name)
        if exercise.name not in before.explained and all(now.get(f"{spec.name}.{function.name}") for function in spec.functions):
            complete[spec.name] = spec.explain
    news = News(
        turned_green=tuple(_bare(name) for name, green in now.items() if green and before.green.get(name) is False),
        broke=tuple(_bare(name) for name, green in now.items() if not green and before.green.get(name)),
        completed=complete,
    )
    after = dataclasses.replace(before, green={**before.green, **now}, explained=before.explained | set(complete))
    return after, news


def is_own_place(course: Course, exercise: str, path: str | None) -> bool:
    """Whether a file lies where somebody who works in this very folder would have it: directly in it, or where the course keeps it.

    Grading also finds files further down; those are somebody else's, such as the students' of a class.
    """
    return path is not None and ("/" not in path or path in course.exercise(exercise).paths)


def forget(progress: Progress, exercise: str) -> Progress:
    """Progress without one exercise, which is begun anew."""
    return Progress(
        green={name: green for name, green in progress.green.items() if not name.startswith(f"{exercise}.")},
        hints={name: number for name, number in progress.hints.items() if not name.startswith(f"{exercise}.")},
        explained=progress.explained - {exercise},
    )


def _bare(name: str) -> str:
    return name.partition(".")[2]


# ------------------------------------------------------------------------------------------------------------------- the file


def _read(folder: Path) -> tuple[dict[str, Any], str]:
    """The whole file, of all courses, and a sentence if what was there could not be used. That is kept, and never read again."""
    path = folder / FOLDER / FILE
    try:
        # Somebody may have sent the folder: a link could lead anywhere, and a pipe would be waited for.
        if (folder / FOLDER).is_symlink() or (not path.is_symlink() and not path.exists()):
            return {}, ""
        return _checked(json.loads(read_regular(path, LARGEST_BYTES))), ""
    except (Unusable, ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, (Unusable, _ForeignError)) else "is not valid JSON"
    except OSError:
        return {}, ""
    shown = safe_text(str(Path(FOLDER) / FILE))
    try:
        kept = move_aside(path)
    except OSError:
        return {}, f"{shown} {safe_text(reason)}, so progress is not remembered; your points do not change."
    return {}, f"{shown} {safe_text(reason)}. It is kept as {safe_text(kept.name)} and a new one is started; your points do not change."


class _ForeignError(ValueError):
    """The rest of a sentence about a file that is JSON and none of ours."""


def _checked(found: Any) -> dict[str, Any]:
    if not isinstance(found, dict) or found.get("format") != FORMAT or not isinstance(found.get("courses"), dict):
        raise _ForeignError("was not written by Layerwise")
    if found.get("version") != VERSION:
        raise _ForeignError("was written by another version of Layerwise")
    return found


def _parse(table: dict[str, Any]) -> Progress:
    """Take what has the right types; the rest is as if it had never been written."""
    green, hints, explained = (table.get(key) for key in ("green", "hints", "explained"))
    return Progress(
        green={name: value for name, value in green.items() if isinstance(value, bool)} if isinstance(green, dict) else {},
        hints={name: value for name, value in hints.items() if type(value) is int and value >= 0} if isinstance(hints, dict) else {},
        explained=frozenset(name for name in explained if isinstance(name, str)) if isinstance(explained, list) else frozenset(),
    )


def _write(folder: Path, course: str, progress: Progress) -> bool:
    place = folder / FOLDER
    found, _sentence = _read(folder)
    table = {"green": progress.green, "hints": progress.hints, "explained": sorted(progress.explained)}
    document = {"format": FORMAT, "version": VERSION, "courses": {**found.get("courses", {}), course: table}}
    try:
        place.mkdir(exist_ok=True)
        if place.is_symlink() or ((place / FILE).exists() and not found):
            return False
        write_whole(place / FILE, json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
    except (OSError, ValueError):
        # A folder that is not to be written to is no reason to complain: progress is a courtesy.
        return False
    return True
