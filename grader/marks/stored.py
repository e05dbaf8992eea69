"""What marking needs of a store: the outcomes of each submission, and the two sides of a comparison."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from grader.catalog import Course
from grader.classwork import Policy, Record, Revision, StoredHandin
from grader.errors import ExitCode, LayerwiseError
from grader.marks.marking import mark_class
from grader.marks.reasons import PointsTable, Side

if TYPE_CHECKING:
    from grader.store import Store

DATABASE = "layerwise.db"
# The key of each exercise's outcome for the submission with a digest.
KeysOf = Callable[[str], Mapping[str, str]]


class MarksError(LayerwiseError):
    """What was asked for is not among the results."""

    exit_code = ExitCode.SUBMISSION_UNREADABLE


class StoredOutcomes(Mapping[tuple[str, str], Record]):
    """The record of each submission's exercise in a store: under its key of today, else the one that an earlier marking used.

    All records of a submission are read at once, and those of one submission are kept.
    """

    def __init__(self, store: Store, keys_of: KeysOf | None, used: Mapping[tuple[str, str], str], exercises: Sequence[str]) -> None:
        self._store = store
        self._keys_of = keys_of
        self._used = used
        self._exercises = exercises
        self._digest = ""
        self._records: dict[str, Record] = {}
        # The records that were given and are not those of today's checks, seed, limits and engine.
        self.outdated: set[str] = set()

    def __getitem__(self, wanted: tuple[str, str]) -> Record:
        digest, exercise = wanted
        if digest != self._digest:
            self._digest, self._records = digest, self._load(digest)
        if exercise not in self._records:
            raise KeyError(wanted)
        return self._records[exercise]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        digests = dict.fromkeys(stored.digest for stored in self._store.handins() if stored.digest is not None)
        return ((digest, name) for digest in digests for name in self._exercises if (digest, name) in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _load(self, digest: str) -> dict[str, Record]:
        today = self._keys_of(digest) if self._keys_of else {}
        used = {name: self._used[digest, name] for name in self._exercises if (digest, name) in self._used}
        found = {record.key: record for record in self._store.iter_records(dict.fromkeys((*today.values(), *used.values())))}
        chosen = {name: found[key] for keys in (used, today) for name, key in keys.items() if key in found}
        if today:
            self.outdated |= {record.key for name, record in chosen.items() if record.key != today.get(name)}
        return chosen


def used_keys(revision: Revision, handins: Iterable[StoredHandin]) -> dict[tuple[str, str], str]:
    """The key of the record that each submission's exercise was marked by."""
    digests = {stored.id: stored.digest for stored in handins}
    found = {}
    for mark in revision.marks:
        digest = digests.get(mark.handin) if mark.handin is not None else None
        if digest is not None and mark.record:
            found[digest, mark.exercise] = mark.record
    return found


def mark_again(
    store: Store, before: Revision, *, points: PointsTable, policy: Policy, keys_of: KeysOf | None, **about: str
) -> tuple[Revision, int]:
    """Mark the class of a store from its outcomes alone; give the revision, which is not stored, and how many records are of older checks.

    `about` replaces what the revision `before` says of its command and course.
    """
    handins = store.handins()
    records = StoredOutcomes(store, keys_of, used_keys(before, handins), tuple(points))
    marks = mark_class(store.students(), handins, records, points, policy, store.overrides())
    known = {name: getattr(before, name) for name in ("command", "course", "course_version", "course_digest", "seed_fingerprint")} | about
    plain = {exercise: {function: dict(checks) for function, checks in functions.items()} for exercise, functions in points.items()}
    revision = Revision(id=before.id + 1, made_at=datetime.now(UTC), policy=policy, points=plain, marks=marks, **known)
    return revision, len(records.outdated & {mark.record for mark in marks})


def about_course(course: Course) -> dict[str, str]:
    """What a revision says of its course."""
    mark = course.mark
    return {
        "course": mark.name,
        "course_version": mark.version,
        "course_digest": mark.digest,
        "seed_fingerprint": mark.seed_fingerprint,
    }


def side_of(store: Store, revision: Revision) -> Side:
    """A revision as one side of a comparison."""
    return Side(
        revision=revision,
        record=store.record,
        handins={stored.id: stored for stored in store.handins()},
        overrides={override.id: override for override in store.overrides()},
    )


def place_of(results: Path, url: str | None) -> str | Path:
    """Where the store of a results folder is.

    Raises
    ------
    MarksError
        If there is none, so that a slip of the pen does not make an empty one.
    """
    if url is None and not (results / DATABASE).is_file():
        raise MarksError(f"{results} has no {DATABASE}, so it holds no results", remedy="Name the folder that `grade batch --out` wrote.")
    return url or results / DATABASE


def newest_revision(store: Store, number: int | None = None) -> Revision:
    """The newest revision, or the one of this number.

    Raises
    ------
    MarksError
        If there is no such revision.
    """
    revision = store.revision(number)
    if revision is not None:
        return revision
    if number is None:
        raise MarksError("there are no marks in these results yet", remedy="`grade batch` makes them.")
    numbers = ", ".join(str(one.id) for one in store.revisions())
    raise MarksError(f"there is no revision {number}", remedy=f"There are {numbers or 'none yet'}.")
