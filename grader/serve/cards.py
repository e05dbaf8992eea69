"""Scorecards of uploads, from the store alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from grader.catalog import Course, load_checks
from grader.model import Scorecard, View
from grader.scorecard import scorecard_document
from grader.scoring import score_submission
from grader.serve.database import Database
from grader.serve.editions import Editions, open_editions
from grader.serve.uploads import Upload

if TYPE_CHECKING:
    from grader.checks.model import Check
    from grader.store import Store


class Cards:
    """Makes scorecards. The checks are imported once, before there are threads, since half an import is of no use to another one."""

    def __init__(self, course: Course, database: Database) -> None:
        self.course = course
        own = {one.name: load_checks(course, one) for one in course.exercises}
        # Replaced whole when another edition comes into force.
        self.editions: Editions = open_editions(database, course, own)

    @property
    def checks(self) -> Mapping[str, Sequence[Check]]:
        """The checks in force, by exercise."""
        return self.editions.checks

    def card(self, store: Store, upload: Upload, keys: Mapping[str, str] | None = None) -> Scorecard | None:
        """The scorecard of an upload: of what it counts for, or of the exercises with these record `keys`.

        None if nothing of it is known, or all of it is of exercises that the course does not have any more.
        """
        wanted = upload.exercises if keys is None else keys
        if not upload.digest or not wanted:
            return None
        editions = self.editions
        found = [(record, editions.of(record.outcome)) for record in store.iter_records(wanted.values())]
        checks = {record.outcome.exercise: edition.checks for record, edition in found if edition is not None}
        records = [record for record, edition in found if edition is not None]
        if not records:
            return None
        order = [exercise.name for exercise in self.course.exercises]
        records.sort(key=lambda record: order.index(record.outcome.exercise))
        handed_in = [] if upload.handin is None else [store.handin(upload.handin)]
        problems = handed_in[0].problems if handed_in else ()
        submission = dataclasses.replace(store.submission(upload.digest), name=upload.name, problems=problems)
        newest = max((record.run for record in records), key=lambda run: run.started_at)
        run = dataclasses.replace(newest, duration_s=round(sum(record.run.duration_s for record in records), 4))
        return score_submission(self.course, submission, [record.outcome for record in records], checks, run)


def exercise_documents(card: Scorecard | None) -> list[dict[str, Any]]:
    """What a student may see of each exercise; this is the only form in which a scorecard leaves for a student as JSON."""
    return [] if card is None else list(scorecard_document(card, View.STUDENT)["exercises"])
