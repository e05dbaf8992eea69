"""What came of a load: whether every accepted upload is there, whole and once, and the tables of how long everything took."""

from __future__ import annotations

import hashlib
import json
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from grader.serve import tables
from grader.serve.database import Database
from grader.store import Store

if TYPE_CHECKING:
    from serve_load import Seen

ORDER = ("sign-in page", "sign in", "syllabus", "exercise", "my uploads", "hand in", "upload, waiting", "events begin", "scorecard")


def lines_of(log: Path, what: str) -> Iterator[dict[str, Any]]:
    """What the students noted of one kind."""
    with log.open(encoding="utf-8") as file:
        for line in file:
            told = json.loads(line)
            if told["what"] == what:
                yield told


def check(database: Database, place: str, log: Path) -> list[str]:
    """What is wrong with what is in the database, beside what the students were told: nothing, one hopes."""
    accepted = {one["upload"]: one for one in lines_of(log, "accepted")}
    with database.reading() as connection:
        rows = {row["id"]: row for row in connection.execute(select(tables.uploads)).mappings()}
        told = connection.execute(select(tables.audit.c.detail).where(tables.audit.c.action == "handed in")).scalars().all()
    problems = [f"upload {number} was accepted and is not there" for number in accepted.keys() - rows.keys()]
    # What nobody was told of was sent by somebody whose line broke; there is none here.
    problems += [f"upload {number} is there and was told to nobody" for number in rows.keys() - accepted.keys()]
    for number in accepted.keys() & rows.keys():
        one, row = accepted[number], rows[number]
        if row["sha256"] != hashlib.sha256(Path(one["path"]).read_bytes()).hexdigest() or f"{row['student']}@example.org" != one["who"]:
            problems.append(f"upload {number} is not what {one['who']} sent")
        if row["state"] != "graded":
            problems.append(f"upload {number} ({one['kind']}) is {row['state']}: {row['sentence']}")
    if len(told) != len(rows):
        problems.append(f"the log tells of {len(told)} uploads, the database of {len(rows)}")
    with Store.open(place, read_only=True) as store:
        sources = Counter(stored.handin.source.partition(":")[0] for stored in store.handins())
        problems += [f"{source} was handed on {count} times" for source, count in sources.items() if count != 1]
        problems += [f"upload {number} is not among the hand-ins" for number in rows if f"upload {number}" not in sources]
        problems += _wrong_marks(store, rows, accepted)
    return problems


def _wrong_marks(store: Store, rows: dict[int, Any], accepted: dict[int, Any]) -> Iterator[str]:
    """Right works have every check accepted. Of the others nothing is said: a mistake may be one that checks of its function alone see."""
    for number, one in accepted.items():
        if number not in rows or one["kind"] != "right":
            continue
        for exercise, key in json.loads(rows[number]["exercises"]).items():
            record = store.record(key)
            if record is None:
                yield f"upload {number}: there is no result of {exercise}"
                continue
            found = {str(check.verdict) for function in record.outcome.functions for check in function.checks}
            if found != {"accepted"}:
                yield f"upload {number} ({exercise}) is right, and was found {sorted(found)}"


# ------------------------------------------------------------------------------------------------------------------------ tables


def quantiles(values: Sequence[float]) -> tuple[float, float, float]:
    """The median, and what 95 and 99 of 100 stay below."""
    ordered = sorted(values)

    def at(share: float) -> float:
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    return at(0.5), at(0.95), at(0.99)


def report(database: Database, log: Path, seen: Seen) -> str:
    """All tables, as Markdown."""
    return "\n\n".join([_pages(log), _grading(database, log, seen), _promises(database, log)])


def _pages(log: Path) -> str:
    times, wrong = defaultdict(list), Counter[str]()
    for one in lines_of(log, "request"):
        times[one["name"]].append(one["ms"])
        wrong[one["name"]] += one["status"] >= 400 or one["status"] == 0
    names = [name for name in ORDER if name in times] + sorted(times.keys() - set(ORDER))
    rows = [_row("what is asked for", "times", "refused or failed", "p50 ms", "p95 ms", "p99 ms", "longest ms"), _row(*["---"] * 7)]
    for name in names:
        rows.append(_row(name, len(times[name]), wrong[name], *_milliseconds(times[name])))
    every = [value for name, values in times.items() if name != "sign in" for value in values]
    rows.append(_row("all but signing in", len(every), sum(wrong.values()), *_milliseconds(every)))
    return "\n".join(rows)


def _milliseconds(times: Sequence[float]) -> list[str]:
    return [f"{value:.0f}" for value in (*quantiles(times), max(times))]


def _row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def _grading(database: Database, log: Path, seen: Seen) -> str:
    columns = tables.uploads.c
    with database.reading() as connection:
        rows = connection.execute(select(columns.received_at, columns.finished_at).where(columns.finished_at.is_not(None))).all()
    waits = [(finished - received).total_seconds() for received, finished in rows]
    lasted = (max(finished for _, finished in rows) - min(received for received, _ in rows)).total_seconds()
    minutes = Counter(int((received.timestamp() - seen.began) // 60) for received, _ in rows)
    facts = [
        ("uploads", f"{len(rows)} in {lasted / 60:.1f} minutes, {max(minutes.values())} in the densest one"),
        ("uploads/s", f"{len(rows) / lasted:.2f}"),
        ("from upload to verdict", "p50 {:.1f} s, p95 {:.1f} s, p99 {:.1f} s, longest {:.1f} s".format(*quantiles(waits), max(waits))),
        ("longest queue", str(max(length for _, length in seen.queue))),
        ("memory of the service", f"{max(seen.service_mib):.0f} MiB at most, {seen.service_mib[-1]:.0f} MiB at the end"),
        ("memory of the workers together", f"{max(seen.workers_mib):.0f} MiB at most"),
        ("processor time", f"service {seen.service_cpu_s:.0f} s, workers {seen.workers_cpu_s:.0f} s of {lasted:.0f} s"),
        ("streams cut", str(sum(1 for _ in lines_of(log, "stream cut")))),
        ("gave up", str(sum(1 for _ in lines_of(log, "gave up")))),
    ]
    return "\n".join(["| | |", "| --- | --- |", *(f"| {name} | {value} |" for name, value in facts)])


def _promises(database: Database, log: Path) -> str:
    """The expected wait that was shown, beside the true one."""
    columns = tables.uploads.c
    with database.reading() as connection:
        ended = {number: at.timestamp() for number, at in connection.execute(select(columns.id, columns.finished_at)).all() if at}
    pairs = [
        (one["wait_s"], ended[one["upload"]] - one["at"], one["ahead"])
        for one in lines_of(log, "told")
        if one["upload"] in ended and one["wait_s"] is not None
    ]
    unknown = sum(one["wait_s"] is None for one in lines_of(log, "told"))
    heads = ("uploads before it", "told", "shown s (median)", "true s (median)", "shown - true s: p5, p50, p95", "shown/true p50")
    rows = [_row(*heads), _row(*["---"] * len(heads))]
    for low, high in ((0, 0), (1, 4), (5, 14), (15, 49), (50, 10**6)):
        own = [(shown, true) for shown, true, ahead in pairs if low <= ahead <= high]
        if not own:
            continue
        off = sorted(shown - true for shown, true in own)
        ends = f"{off[int(0.05 * len(off))]:.1f}, {statistics.median(off):.1f}, {off[int(0.95 * len(off))]:.1f}"
        ratio = statistics.median(shown / max(true, 0.1) for shown, true in own)
        medians = [f"{statistics.median(values):.1f}" for values in zip(*own, strict=True)]
        rows.append(_row(f"{low} to {high}" if high < 10**6 else f"{low} and more", len(own), *medians, ends, f"{ratio:.2f}"))
    return "\n".join([*rows, "", f"Told without a wait, since nobody knew: {unknown}."])
