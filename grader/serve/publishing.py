"""What a regrade would change, and making it so: all of it in one transaction, with a revision from before and one from after."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from grader.batch.marking import keep
from grader.classwork import StoredHandin
from grader.marks.diff import Diff, diff
from grader.marks.reasons import Side
from grader.serve import regrading, tables
from grader.serve.database import note
from grader.serve.editions import put_in_force
from grader.serve.gradebook import Row, keep_class, revision_of, rows_of, rows_with
from grader.serve.regrading import Outlook, Regrade, RegradeError, Touched
from grader.serve.service import Service

if TYPE_CHECKING:
    from grader.classwork import Revision
    from grader.serve.editions import Editions

COMMAND = "regrade"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What publishing would do: everybody's marks before and after, and what lies between them."""

    before: tuple[Row, ...]
    after: tuple[Row, ...]
    editions: Editions
    diff: Diff


def touched_now(service: Service) -> list[Touched]:
    """What a regrade of everything would grade again."""
    marks = [mark for row in rows_of(service) for mark in row.marks.values()]
    return regrading.touched(service.database, service.marking.keys, marks, service.marking.policy.attempts)


def outlook_now(service: Service) -> list[Outlook]:
    """The exercises that a regrade has something to do with."""
    return regrading.outlook(service.cards.editions, touched_now(service))


def begin(service: Service, exercises: Sequence[str], *, by: int) -> int:
    """Queue a regrade. Raises RegradeError if there is nothing to regrade, or another one is open."""
    there = [one.exercise for one in outlook_now(service)]
    number = regrading.begin(service.database, [name for name in there if name in exercises], touched_now(service), by=by)
    service.grading.nudge()
    return number


def proposal_of(service: Service, regrade: Regrade) -> Proposal:
    """What publishing an open regrade would do, as things stand. It is made once until something changes."""
    columns = tables.uploads.c
    newest = select(func.max(columns.finished_at), func.count()).where(columns.handin.is_not(None))
    with service.database.reading() as connection:
        graded = tuple(connection.execute(newest).one())
    rows = rows_of(service)
    said = (service.marking.policy, service.cards.editions.mark)
    made_of = (regrade.id, tuple(sorted(regrade.counts.items())), graded, said, rows)
    found: Proposal = service.proposals.get(made_of, lambda: _proposal(service, regrade, rows))
    return found


def _proposal(service: Service, regrade: Regrade, before: tuple[Row, ...]) -> Proposal:
    store = service.reader
    old, new = service.cards.editions, service.cards.editions.with_today(regrade.exercises)
    after = rows_with(service, regrading.published_with(service.database, regrade.id), new)
    handins = {stored.id: stored for stored in store.handins()}
    sides = (
        _side(service, revision_of(service, before, editions=old), handins, old),
        _side(service, revision_of(service, after, command=COMMAND, editions=new), handins, new),
    )
    return Proposal(before=before, after=after, editions=new, diff=diff(*sides))


def _side(service: Service, revision: Revision, handins: Mapping[int, StoredHandin], editions: Editions) -> Side:
    return Side(
        revision=revision,
        record=service.reader.record,
        handins=handins,
        overrides={override.id: override for override in service.reader.overrides()},
        points_of=lambda record: editions.points_for(record.outcome),
    )


def publish(service: Service, regrade: Regrade, *, by: int) -> None:
    """Let a regrade count: marks, scorecards and stories become others together, or none does.

    Raises
    ------
    RegradeError
        If it is not done, or somebody else has decided meanwhile.
    """
    if not regrade.is_done:
        raise RegradeError("this regrade is not finished", remedy="Wait until everything in it is graded.")
    with service.staff_writing() as store:
        proposal = proposal_of(service, regrade)
        with store.together() as connection:
            keep_class(store, [row.student for row in proposal.before])
            before = keep(store, dataclasses.replace(proposal.diff.old, id=0))
            after = keep(store, dataclasses.replace(proposal.diff.new, id=0))
            count = regrading.put_published(connection, regrade, before=before.id, after=after.id)
            put_in_force(connection, [proposal.editions.in_force[name] for name in regrade.exercises])
            detail = f"regrade {regrade.id}: {count} graded again, revision {before.id} before, {after.id} after"
            note(connection, by, "regrade published", ", ".join(regrade.exercises), detail)
        service.cards.editions = proposal.editions
