"""The hour before a deadline, in ten minutes: 500 students hand in at a service on this machine, and two of the staff watch the gradebook.

    python benchmarks/serve_load.py [--minutes 10] [--students 500] [--store URL] [--keep DIR]

It needs the extras `serve` and `load` (Locust plays the students). Students come more and more densely towards the end, as they do. They
sign in at the real price of argon2, read, hand in one exercise or all of them in a zip (a class as ``classes.py`` makes it: right, wrong,
unfinished, crashing and endless ones), watch the stream or leave, read the scorecard, and some come again. Students, service and workers
share the machine. Afterwards the database is asked whether every upload that was accepted is there, whole, graded, and once; then the
table is printed. The exit code is 1 if anything was lost or doubled.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import psutil
from sqlalchemy import func, insert, select

# Run as a file, the folder of this one is where Python looks; imported by the type checker, the root is.
sys.path.insert(0, str(Path(__file__).parent))

from classes import MIX, Maker
from serve_report import check, report

from grader.catalog import load_course
from grader.serve import tables
from grader.serve.accounts import Role
from grader.serve.database import Database, now
from grader.serve.passwords import hash_password
from grader.serve.uploads import waiting_before

PASSWORD = "nine copper kettles"
# One upload of so many holds the whole course.
WHOLE = 0.25
# Who comes again with the same exercise, and who hands in another one.
AGAIN, ANOTHER = 0.4, 0.3
# Who leaves before the verdict.
LEAVES = 0.2
LONGEST_STAY_S = 300.0
READY_S = 120.0


@dataclass(slots=True, kw_only=True)
class Seen:
    """What was measured each second, beside what the students noted."""

    began: float = 0.0
    queue: list[tuple[float, int]] = field(default_factory=list)
    service_mib: list[float] = field(default_factory=list)
    workers_mib: list[float] = field(default_factory=list)
    service_cpu_s: float = 0.0
    workers_cpu_s: float = 0.0


def make_plan(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Write what all students hand in; give who does what, and when."""
    chance = random.Random(options.seed)
    course = load_course()
    names = [exercise.name for exercise in course.exercises]
    maker = Maker(course, names, options.seed)
    lasts = options.minutes * 60
    hurry = min(1.0, options.minutes / 10)
    students = []
    for number in range(options.students):
        works = []
        exercise = "" if chance.random() < WHOLE else chance.choice(names)
        chosen = [exercise] + [exercise] * (chance.random() < AGAIN) + [chance.choice(names)] * (chance.random() < ANOTHER)
        for count, name in enumerate(chosen):
            kind = chance.choices(list(MIX), weights=list(MIX.values()))[0]
            path = write_work(folder, maker, name, kind, f"student{number:03d}-{count}")
            stays = chance.uniform(1, 10) if chance.random() < LEAVES else LONGEST_STAY_S
            thinks = chance.uniform(4, 40) * hurry
            works.append({"exercise": name, "kind": kind, "path": str(path), "name": path.name, "thinks_s": thinks, "stays_s": stays})
        # The larger of two draws: more and more of them towards the end.
        begins = max(chance.random(), chance.random()) * lasts * 0.85
        students.append({"number": number, "email": f"student{number:03d}@example.org", "begins_s": begins, "works": works})
    students.sort(key=lambda one: one["begins_s"])
    staff = [{"email": f"staff{number}@example.org"} for number in range(2)]
    return {"password": PASSWORD, "lasts_s": lasts, "students": students, "staff": staff, "log": str(folder / "log.jsonl")}


def write_work(folder: Path, maker: Maker, exercise: str, kind: str, stem: str) -> Path:
    """One file to hand in: of one exercise, or all of them in a zip. No two are equal, so that nothing is graded once by luck."""
    if exercise:
        path = folder / "works" / f"{stem}-{exercise}.py"
        path.write_text(f"{maker.text(exercise, kind).rstrip()}\n\n# {stem}\n", encoding="utf-8")
        return path
    path = folder / "works" / f"{stem}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in maker.exercises:
            # An endless function costs its limit; one of them in a zip is bad luck enough.
            own = kind if kind != "endless" or name == maker.exercises[0] else "right"
            packed.writestr(f"{name}.py", f"{maker.text(name, own).rstrip()}\n\n# {stem}\n")
    return path


def make_accounts(database: Database, plan: dict[str, Any]) -> None:
    """Everybody has an account. The password is hashed once for all, which signing in costs none the less each time."""
    hashed = hash_password(PASSWORD)
    people = [(one["email"], Role.STUDENT, one["email"].partition("@")[0]) for one in plan["students"]]
    people += [(plan["staff"][0]["email"], Role.INSTRUCTOR, ""), (plan["staff"][1]["email"], Role.ASSISTANT, "")]
    rows = [
        {"student": student, "name": email.partition("@")[0].title(), "email": email, "role": role.value, "password": hashed,
         "disabled": False, "made_at": now()}
        for email, role, student in people
    ]  # fmt: skip
    with database.writing() as connection:
        connection.execute(insert(tables.accounts), rows)


def start_service(place: str, folder: Path, jobs: int) -> tuple[subprocess.Popen[bytes], str]:
    """`grade serve` as anybody starts it; its process and its URL."""
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    where = ["--store", place] if "://" in place else ["--data", str(Path(place).parent)]
    command = [sys.executable, "-m", "grader", "serve", *where, "--port", str(port), "--jobs", str(jobs)]
    log = (folder / "service.log").open("wb")
    process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    url, until = f"http://127.0.0.1:{port}", time.monotonic() + READY_S
    while True:
        try:
            with urlopen(f"{url}/health", timeout=5):
                return process, url
        except (URLError, OSError) as error:
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit((folder / "service.log").read_text()) from error
            time.sleep(0.1)


def look_on(process: psutil.Process, database: Database, seen: Seen, ended: threading.Event) -> None:
    """Once a second, how much memory and processor time everything takes, and how long the queue is."""
    workers: dict[int, float] = {}
    while not ended.wait(1.0):
        seen.queue.append((time.time(), len(waiting_before(database))))
        seen.service_mib.append(process.memory_full_info().pss / 2**20)
        seen.service_cpu_s = sum(process.cpu_times()[:2])
        mib = 0.0
        for child in process.children(recursive=True):
            try:
                mib += child.memory_full_info().pss / 2**20
                workers[child.pid] = sum(child.cpu_times())
            except psutil.Error:
                continue
        seen.workers_mib.append(mib)
        seen.workers_cpu_s = sum(workers.values())


def play(url: str, plan: Path, students: int, lasts_s: float) -> int:
    """Let Locust play the students."""
    command = [sys.executable, "-m", "locust", "-f", str(Path(__file__).with_name("serve_students.py")), "--headless", "--host", url]
    command += ["--users", str(students + 2), "--spawn-rate", "200", "--run-time", f"{int(lasts_s + 600)}s", "--stop-timeout", "60"]
    command += ["--loglevel", "ERROR", "--reset-stats", "--only-summary"]
    environment = {**os.environ, "LAYERWISE_PLAN": str(plan)}
    with plan.with_name("locust.log").open("wb") as said:
        done = subprocess.run(command, env=environment, stdout=said, stderr=said, check=False)
    return done.returncode


def wait_until_graded(database: Database, longest_s: float = 600.0) -> bool:
    """Wait for the queue to run empty."""
    until = time.monotonic() + longest_s
    while waiting_before(database):
        if time.monotonic() > until:
            return False
        time.sleep(0.2)
    return True


def run(folder: Path, options: argparse.Namespace) -> bool:
    """Play it, in `folder`."""
    (folder / "works").mkdir(parents=True)
    place = options.store or str(folder / "layerwise.db")
    plan = make_plan(folder, options)
    (folder / "plan.json").write_text(json.dumps(plan))
    process, url = start_service(place, folder, options.jobs)
    seen, ended = Seen(), threading.Event()
    try:
        with closing(Database.open(place)) as database:
            make_accounts(database, plan)
            seen.began = time.time()
            watcher = threading.Thread(target=look_on, args=(psutil.Process(process.pid), database, seen, ended))
            watcher.start()
            play(url, folder / "plan.json", options.students, plan["lasts_s"])
            emptied = wait_until_graded(database)
            ended.set()
            watcher.join()
            problems = check(database, place, Path(plan["log"]))
            if not emptied:
                problems.append(f"{len(waiting_before(database))} uploads still wait")
            with database.reading() as connection:
                states = connection.execute(select(tables.uploads.c.state, func.count()).group_by(tables.uploads.c.state)).all()
            print(report(database, Path(plan["log"]), seen))
            print(f"\nuploads: {dict(sorted((state, count) for state, count in states))}")
            print("\n".join(problems) or "no upload was lost, none doubled, and every mark is what its work is worth")
    finally:
        ended.set()
        process.send_signal(signal.SIGINT)
        process.wait(30)
    return not problems


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--students", type=int, help="50 for every minute, unless said")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--store", default="", help="a PostgreSQL database, which must be empty, instead of SQLite's file")
    parser.add_argument("--keep", type=Path, help="keep log, plan and database in this folder, which must not be there yet")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.students = options.students or round(50 * options.minutes)
    if options.keep:
        sys.exit(not run(options.keep, options))
    with tempfile.TemporaryDirectory(prefix="layerwise-load-") as folder:
        sys.exit(not run(Path(folder) / "load", options))


if __name__ == "__main__":
    main()
