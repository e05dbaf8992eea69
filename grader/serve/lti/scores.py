"""The marks that platforms should have, and what they were sent: an outbox with one row for each mark, so that only the newest is sent."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select, update

from grader.classwork import Mark
from grader.marks.total import brief
from grader.serve import tables
from grader.serve.accounts import Account
from grader.serve.database import Database, note, now
from grader.serve.gradebook import Row
from grader.serve.lti import claims as words
from grader.serve.lti.registrations import Context, Link

WAITING, SENT, FAILED = "waiting", "sent", "failed"
# With the pauses below, about two days; what a platform refuses outright is not sent so often.
MOST_TRIES, MOST_REFUSALS = 14, 3
REFUSALS = frozenset({400, 403, 404, 410, 422})
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=20), timedelta(hours=6)
TICK = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A mark to send: what of whom, by which link, and as of when. ``sent`` is what the platform has, empty if nothing."""

    id: int
    link: int
    account: int
    wanted: dict[str, Any]
    wanted_at: datetime
    sent: dict[str, Any]
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A mark that did not reach a platform, for staff."""

    id: int
    account: int
    email: str
    exercise: str
    state: str
    tries: int
    next_at: datetime
    problem: str


def wanted_of(mark: Mark | None) -> dict[str, Any]:
    """What a platform should have of a mark. Of one that is not known it gets no number."""
    if mark is None or mark.max_points <= 0 or (mark.handin is None and mark.override is None):
        return {"state": "none"}
    if mark.pending:
        return {"state": "pending", "max": mark.max_points}
    return {"state": "graded", "points": brief(mark.final), "max": mark.max_points}


def note_wanted(
    database: Database, rows: Sequence[Row], people: Mapping[int, Mapping[int, str]], places: Mapping[int, tuple[Link, Context]]
) -> int:
    """Put into the outbox what has changed since it was last looked at; give how many marks these are.

    A change has a later time than the one before it, by which a platform knows what is newest (AGS 2.0, section 3.3.2).
    """
    columns, time = tables.lti_scores.c, now()
    marks = {row.account: row.marks for row in rows}
    # Read first, and write only what differs: whoever writes keeps everybody else from handing in.
    with database.reading() as connection:
        before = {(row.link, row.account): row for row in connection.execute(select(tables.lti_scores))}
    new, changed = [], {}
    for number, (link, context) in places.items():
        for account in people.get(context.platform, {}).keys() & marks.keys():
            wanted, old = wanted_of(marks[account].get(link.exercise)), before.get((number, account))
            if (old is None and wanted["state"] == "none") or (old is not None and json.loads(old.wanted) == wanted):
                continue
            values = {"wanted": json.dumps(wanted), "state": WAITING, "tries": 0, "next_at": time, "problem": ""}
            if old is None:
                new.append({"link": number, "account": account, "wanted_at": time, "sent": "", "sent_at": None, **values})
            else:
                changed[old.id] = {"wanted_at": max(time, old.wanted_at + TICK), **values}
    if new or changed:
        with database.writing() as connection:
            for id_, values in changed.items():
                connection.execute(update(tables.lti_scores).where(columns.id == id_).values(**values))
            if new:
                connection.execute(insert(tables.lti_scores), new)
    return len(new) + len(changed)


def due(database: Database, most: int = 100) -> list[Waiting]:
    """What is to be sent now, what has waited longest first."""
    columns = tables.lti_scores.c
    query = select(tables.lti_scores).where(columns.state == WAITING, columns.next_at <= now()).order_by(columns.next_at, columns.id)
    with database.reading() as connection:
        rows = connection.execute(query.limit(most)).all()
    return [
        Waiting(
            id=row.id,
            link=row.link,
            account=row.account,
            wanted=json.loads(row.wanted),
            wanted_at=row.wanted_at,
            sent=json.loads(row.sent) if row.sent else {},
            tries=row.tries,
        )
        for row in rows
    ]


def score_document(one: Waiting, sub: str, page: str) -> dict[str, Any]:
    """A score as the platform's service wants it (AGS 2.0, section 3.4). A number that is left out clears the one that is there."""
    wanted = one.wanted
    document: dict[str, Any] = {
        "userId": sub,
        "timestamp": one.wanted_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "activityProgress": "Initialized",
        "gradingProgress": "NotReady",
    }
    if wanted["state"] == "none":
        return document
    document |= {"activityProgress": "Completed", "comment": f"The scorecard: {page}"}
    if wanted["state"] == "graded":
        given = {"scoreGiven": float(wanted["points"]), "scoreMaximum": wanted["max"]}
        comment = f"{wanted['points']} of {wanted['max']} points. The scorecard: {page}"
        return document | given | {"gradingProgress": "FullyGraded", "comment": comment}
    comment = f"The grader failed on this work, which costs no points. The scorecard: {page}"
    document |= {"activityProgress": "Submitted", "gradingProgress": "Pending", "comment": comment}
    if one.sent.get("points"):
        # It stands until a better one is known.
        document |= {"scoreGiven": float(one.sent["points"]), "scoreMaximum": one.sent["max"]}
    return document


def was_sent(database: Database, one: Waiting) -> None:
    """Say that the platform has it. If another mark is wanted by now, that one still waits."""
    columns, time = tables.lti_scores.c, now()
    # Of a pending mark the platform keeps the number that it has.
    number = {name: one.sent[name] for name in ("points", "max") if name in one.sent and one.wanted["state"] == "pending"}
    kept = one.wanted | number
    with database.writing() as connection:
        this = update(tables.lti_scores).where(columns.id == one.id)
        connection.execute(this.values(sent=json.dumps(kept), sent_at=time))
        connection.execute(this.where(columns.wanted_at == one.wanted_at).values(state=SENT, tries=0, problem=""))


def was_not_sent(database: Database, one: Waiting, *, problem: str, status: int = 0, after_s: float = 0) -> None:
    """Say why the platform has not got it, and try again later; after too many tries it is left to staff."""
    columns, time = tables.lti_scores.c, now()
    tries = one.tries + 1
    pause = min(FIRST_PAUSE * 2 ** min(tries - 1, 20), LONGEST_PAUSE)
    state = FAILED if tries >= (MOST_REFUSALS if status in REFUSALS else MOST_TRIES) else WAITING
    values: dict[str, Any] = {
        "state": state,
        "tries": tries,
        "problem": problem[:500],
        "next_at": time + max(pause, timedelta(seconds=after_s)),
    }
    if status == 409:
        # The platform has one of a later time, from before a backup or another clock: ours is the one that counts.
        values["wanted_at"] = max(time, one.wanted_at + TICK)
    with database.writing() as connection:
        same = (columns.id == one.id, columns.wanted_at == one.wanted_at)
        connection.execute(update(tables.lti_scores).where(*same).values(**values))


def not_before(database: Database, ones: Sequence[Waiting], at: datetime) -> None:
    """Let marks wait without counting a try: their platform is away, which is not their fault."""
    columns = tables.lti_scores.c
    with database.writing() as connection:
        these = update(tables.lti_scores).where(columns.id.in_([one.id for one in ones]), columns.state == WAITING)
        connection.execute(these.values(next_at=at))


# ------------------------------------------------------------------------------------------------------------------------ staff


def counts(database: Database) -> dict[str, int]:
    """How many marks there are in each state."""
    columns = tables.lti_scores.c
    with database.reading() as connection:
        rows = connection.execute(select(columns.state, func.count().label("marks")).group_by(columns.state)).all()
    found: dict[str, int] = {row.state: row.marks for row in rows}
    return {state: found.get(state, 0) for state in (WAITING, SENT, FAILED)}


def troubles(database: Database, most: int = 200) -> list[Trouble]:
    """What has not reached its platform, what was given up first."""
    columns = tables.lti_scores.c
    query = (
        select(tables.lti_scores, tables.accounts.c.email, tables.lti_links.c.exercise)
        .join_from(tables.lti_scores, tables.accounts, columns.account == tables.accounts.c.id)
        .join(tables.lti_links, columns.link == tables.lti_links.c.id)
        .where(columns.state != SENT, columns.problem != "")
        .order_by(columns.state, columns.id)
        .limit(most)
    )
    with database.reading() as connection:
        rows = connection.execute(query).mappings().all()
    return [Trouble(**{name: row[name] for name in Trouble.__slots__}) for row in rows]


def send_again(database: Database, *, by: int, only: Account | None = None) -> int:
    """Try what was given up, of everybody or of one; give how many marks that are."""
    columns = tables.lti_scores.c
    which = [columns.state == FAILED] if only is None else [columns.account == only.id]
    with database.writing() as connection:
        again = update(tables.lti_scores).where(*which)
        count = int(connection.execute(again.values(state=WAITING, tries=0, next_at=now())).rowcount)
        if count:
            note(connection, by, "marks sent again", only.email if only else "", f"{count} marks")
    return count


def can_carry(link: Link) -> bool:
    """Whether marks can go by a link: it is about an exercise, and the platform has a column for it, or lets us make one."""
    return bool(link.exercise) and (
        (bool(link.line_item) and words.SCORE in link.scopes)
        or (bool(link.line_items) and {words.SCORE, words.LINE_ITEM} <= set(link.scopes))
    )
