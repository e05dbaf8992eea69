"""What marking needs of a store: the outcomes of each submission, and the two sides of a comparison."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from grader.catalog import Course
from grader.classwork import Judged, Policy, Revision, StoredHandin
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


class StoredOutcomes(Mapping[tuple[str, str], Judged]):
    """The verdicts of each submission's exercise in a store: under its key of today, else the one that an earlier marking used.

    Those of all hand-ins that count are read at once, since asking for each by itself takes longer than everything else.
    """

    def __init__(
        self,
        store: Store,
        handins: Iterable[StoredHandin],
        exercises: Sequence[str],
        keys_of: KeysOf | None,
        used: Mapping[tuple[str, str], str] | None = None,
    ) -> None:
        digests = dict.fromkeys(stored.digest for stored in handins if stored.digest is not None and stored.current)
        today = {(digest, name): key for digest in digests for name, key in (keys_of(digest) if keys_of else {}).items()}
        before = {place: key for place, key in (used or {}).items() if place[0] in digests and place[1] in exercises}
        there = dict(store.iter_verdicts(dict.fromkeys((*today.values(), *before.values()))))
        chosen = {place: key for keys in (before, today) for place, key in keys.items() if key in there and place[1] in exercises}
        self._found = {place: Judged(key=key, outcome=there[key]) for place, key in chosen.items()}
        # The records that were given and are not those of today's checks, seed, limits and engine.
        self.outdated = {key for place, key in chosen.items() if key != today.get(place)} if keys_of else set[str]()

    def __getitem__(self, wanted: tuple[str, str]) -> Judged:
        return self._found[wanted]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


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
    records = StoredOutcomes(store, handins, tuple(points), keys_of, used_keys(before, handins))
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
        raise MarksError("there are no marks in these results yet", remedy="Make them with `grade batch`.")
    numbers = ", ".join(str(one.id) for one in store.revisions())
    raise MarksError(f"there is no revision {number}", remedy=f"There are {numbers or 'none yet'}.")
