"""Find the works of a class: open what they came in, take them as the layout says, and match them with the roster."""

from __future__ import annotations

import os
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from grader.classwork import Handin, Intake, Part, Student
from grader.intake.archive import unpack_class
from grader.intake.canvas import find_canvas
from grader.intake.gradescope import find_gradescope
from grader.intake.matching import RosterIndex, index_roster, match
from grader.intake.moodle import find_moodle
from grader.intake.places import Claim, Found, IntakeError, KeyKind, Place, list_folder, safe_id, shown_name
from grader.intake.plain import Layout, find_clones, find_files, find_folders, find_zips
from grader.intake.recognise import recognise, recognise_platform
from grader.intake.times import read_zone
from grader.model import Problem
from grader.safe_text import safe_text

AUTO = "auto"
LAYOUTS: dict[str, Callable[[Path, list[Place]], Layout]] = {
    "folders": find_folders,
    "files": find_files,
    "zips": find_zips,
    "canvas": find_canvas,
    "moodle": find_moodle,
    "gradescope": find_gradescope,
    "git": find_clones,
}
PLATFORMS = frozenset({"canvas", "moodle", "gradescope"})
# A download in a folder in a folder, as browsers and file managers make them.
MOST_WRAPPERS = 4
MOST_SHOWN = 5
NAME_ROOT = "Name the folder or the zip with the submissions."


@dataclass(slots=True)
class _Opened:
    """The folder that holds the works, and what was odd on the way to it."""

    root: Path
    places: list[Place]
    problems: list[Problem] = field(default_factory=list)


def find_handins(
    root: Path,
    *,
    layout: str = AUTO,
    roster: Sequence[Student] = (),
    times: Mapping[str, datetime] | None = None,
    scratch: Path,
    tz: str | None = None,
) -> Intake:
    """Find all handed-in works in `root`, a folder or the archive of a class.

    Parameters
    ----------
    root
        Where they are.
    layout
        A name in ``LAYOUTS``, or ``auto``: whatever is recognised.
    roster
        Who is in the class. Works of nobody on it are kept, each with a problem, under a student of their own. Without a roster the
        students are those who are found.
    times
        When works were handed in, by source or by anything that a student is recognised by; it goes before what the layout says.
    scratch
        A folder of ours, where archives of a class are unpacked. Nothing is written anywhere else, and it must outlive the hand-ins.
    tz
        Not needed by any layout, since none of their times is without a zone; it is there to be refused if it is none.

    Returns
    -------
    The hand-ins, sorted by student and attempt; no content of any file is kept. Modification times are never asked: downloading, unpacking
    and copying change them.

    Raises
    ------
    IntakeError
        If `root` cannot be read, nothing is in it, or it is not clear how it is laid out.
    """
    read_zone(tz)
    if layout != AUTO and layout not in LAYOUTS:
        raise IntakeError(f"there is no layout {safe_text(layout)!r}", remedy=f"There are {', '.join([AUTO, *LAYOUTS])}.")
    opened = _open(Path(root), layout, scratch)
    name, reason = recognise(opened.places) if layout == AUTO else (layout, "it was asked for")
    found, problems = LAYOUTS[name](opened.root, opened.places)
    if not found:
        raise IntakeError(f"there is no work in the layout {name} in {safe_text(str(root))}", remedy=NAME_ROOT)
    index = index_roster(roster)
    owned, students, doubts = _owners(found, index)
    if name == "files":
        owned = {student: _together(works) for student, works in owned.items()}
    timed, unused = _timed(owned, times or {}, index)
    handins = tuple(handin for student in sorted(timed) for handin in _numbered(student, timed[student]))
    everything = [*opened.problems, *problems, *doubts, *unused, *_alike(students)]
    return Intake(layout=name, handins=handins, students=tuple(students), problems=tuple(everything), reason=reason)


def _open(root: Path, layout: str, scratch: Path) -> _Opened:
    """Open the archive of a class, and go into the folders and archives that do nothing but wrap a download."""
    opened = _enter(root, scratch)
    if root.is_file():
        for _ in range(MOST_WRAPPERS):
            only = _only(opened)
            if only is None or not only.is_folder or _is_download(opened.places):
                break
            inner = list_folder(only.path)
            if not any(place.is_folder or place.is_zip for place in inner) or any(place.is_code for place in inner):
                break
            opened = _Opened(root=only.path, places=inner, problems=opened.problems)
    within = _download_within(opened, scratch) if layout in (AUTO, *PLATFORMS) else None
    return within or opened


def _download_within(opened: _Opened, scratch: Path, steps: int = MOST_WRAPPERS) -> _Opened | None:
    """The download of a platform, if there is nothing but that, however wrapped; the folder of a class of one is not opened."""
    if _is_download(opened.places):
        return opened
    only = _only(opened)
    if only is None or steps <= 0:
        return None
    try:
        inside = _enter(only.path, scratch)
    except IntakeError:
        return None  # a broken zip of the only student is that student's
    inside.problems = opened.problems + inside.problems
    return _download_within(inside, scratch, steps - 1)


def _is_download(places: list[Place]) -> bool:
    return recognise_platform(places) is not None


def _only(opened: _Opened) -> Place | None:
    """The one folder or zip, if nothing else is there that could be a work."""
    works = [place for place in opened.places if place.is_work]
    return works[0] if len(works) == 1 and (works[0].is_folder or works[0].is_zip) else None


def _enter(path: Path, scratch: Path) -> _Opened:
    try:
        is_file = path.is_file()
    except (OSError, ValueError):
        is_file = False
    if not is_file:
        return _Opened(root=path, places=list_folder(path))
    if path.suffix.lower() != ".zip":
        raise IntakeError(f"{safe_text(str(path))} is neither a folder nor a .zip", remedy=NAME_ROOT)
    target, problems = unpack_class(path.resolve(), scratch)
    return _Opened(root=target, places=list_folder(target), problems=problems)


def _owners(found: list[Found], index: RosterIndex) -> tuple[dict[str, list[Found]], list[Student], list[Problem]]:
    """Whose each work is: of the roster, or a student of its own, who is then among the students."""
    owned: defaultdict[str, list[Found]] = defaultdict(list)
    students = dict(index.students)
    problems: list[Problem] = []
    for work in found:
        matched = match(work.claim, index)
        if len(matched.students) == 1:
            owned[matched.students[0]].append(work)
            continue
        owner = work.claim.id
        if owner in index.students:
            owner = f"{owner} (not matched)"
        students.setdefault(owner, Student(id=owner, name=work.claim.name, email=work.claim.email))
        owned[owner].append(work)
        if index.students:
            problems.append(Problem(path=work.source, message=_stranger(work.claim, matched.students, matched.doubt)))
    return owned, list(students.values()), problems


def _stranger(claim: Claim, candidates: tuple[str, ...], doubt: str) -> str:
    if candidates:
        several = ", ".join(map(safe_text, candidates[:MOST_SHOWN])) + (", …" if len(candidates) > MOST_SHOWN else "")
        return f"matches {len(candidates)} students on the roster ({several}), so it was given to none of them; name it after an id"
    return f"{doubt or 'belongs to nobody on the roster'}; it is graded under {safe_text(claim.id)}"


def _together(works: list[Found]) -> list[Found]:
    """Take the single files of one student as handed in together, without what all their names begin with, as in ann_a.py and ann_b.py."""
    names = [part.name for work in works for part in work.parts]
    if len(works) < 2:
        return works
    prefix = os.path.commonprefix(names)  # noqa: RUF071 - what the names begin with, character by character
    cut = max(prefix.rfind(sign) for sign in "_- .") + 1
    parts = tuple(replace(part, name=part.name[cut:] or part.name) for work in works for part in work.parts)
    return [replace(works[0], source=" + ".join(sorted(names))[:500], parts=parts)]


def _timed(
    owned: Mapping[str, list[Found]], times: Mapping[str, datetime], index: RosterIndex
) -> tuple[dict[str, list[Found]], list[Problem]]:
    used: set[str] = set()
    by_student: dict[str, str] = {}
    for key in times:
        matched = match(Claim(id=key, keys=((KeyKind.ANY, key),)), index).students
        by_student[matched[0] if len(matched) == 1 else key] = key
    timed: dict[str, list[Found]] = {}
    for student, works in owned.items():
        timed[student] = []
        for work in works:
            key = work.source if work.source in times else by_student.get(student, "")
            used |= {key} if key in times else set()
            timed[student].append(replace(work, submitted_at=times[key]) if key in times else work)
    # Somebody on the roster may have a time and nothing handed in.
    used |= {key for student, key in by_student.items() if student in index.students}
    unused = [key for key in times if key not in used]
    if not unused:
        return timed, []
    shown = ", ".join(safe_text(key) for key in unused[:MOST_SHOWN]) + (", …" if len(unused) > MOST_SHOWN else "")
    return timed, [Problem(path=".", message=f"has no work for {len(unused)} of the times that were given ({shown})")]


def _numbered(student: str, works: list[Found]) -> list[Handin]:
    """Number the attempts of a student: by time if all have one, else in the order of the platform."""
    if all(work.submitted_at is not None for work in works):
        works = sorted(works, key=lambda work: (work.submitted_at, work.order))
    else:
        works = sorted(works, key=lambda work: work.order)
    return [
        Handin(student=student, source=work.source, parts=_distinct(work.parts), submitted_at=work.submitted_at, attempt=number)
        for number, work in enumerate(works, start=1)
    ]


def _distinct(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    return tuple(dict.fromkeys(parts))


def _alike(students: list[Student]) -> list[Problem]:
    """A problem for each id that a reader would take for another one."""
    counts = Counter(_look(student.id) for student in students)
    return [
        Problem(path=shown_name(student.id), message=f"looks like another student's id and is kept apart from it, as {safe_id(student.id)}")
        for student in students
        if counts[_look(student.id)] > 1
    ]


def _look(student_id: str) -> str:
    return unicodedata.normalize("NFKC", student_id).strip().casefold()
