"""Run one ``grade`` command again and again in forks of one process; in the n-th of them the n-th call of the system fails.

    python -m tests.bad_luck.faulty '{"arguments": [...], "results": DIR, "errno": 28, "of": "writes"}'

Prints JSON: for each n what was refused, the exit code, what was said, and, for a batch, what a later run without faults made of it.
Python tells an audit hook of every open, rename, link, mkdir and pipe before it is made, and what the hook raises is what the caller gets.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import sys
import tempfile
import traceback
from pathlib import Path

MOST = 400
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
# What takes room on a disk, and what takes a descriptor.
OF_WRITES = frozenset({"os.mkdir", "os.rename", "os.link"})
OF_DESCRIPTORS = frozenset({"os.scandir", "os.listdir", "socket.__new__", "subprocess.Popen", "sqlite3.connect"})


class Fault:
    """Refuses the n-th call of its kind, and all after it if it ``lasts``. Files below ``spared`` are not counted."""

    def __init__(self, number, kind, code, *, lasts=False, spared="/proc"):
        self.spared = spared
        self.number, self.kind, self.code, self.lasts = number, kind, code, lasts
        self.count, self.refused, self.armed = 0, "", False

    def __call__(self, event, arguments):
        if not self.armed or not self.concerns(event, arguments):
            return
        self.count += 1
        if self.count == self.number or (self.lasts and self.count > self.number):
            self.refused = self.refused or f"{event} {arguments[0] if arguments else ''}"
            path = arguments[0] if arguments and isinstance(arguments[0], str) else None
            raise OSError(self.code, os.strerror(self.code), *([path] if path else []))

    def concerns(self, event, arguments):
        if arguments and str(arguments[0]).startswith(("/proc", os.devnull, self.spared)):
            return False
        if event == "open":
            _path, mode, flags = arguments
            writes = bool((flags or 0) & WRITING) or any(letter in (mode or "") for letter in "wax+")
            return writes or self.kind == "descriptors"
        return event in (OF_WRITES if self.kind == "writes" else OF_DESCRIPTORS)


def run_once(arguments, pool, fault):
    from grader.cli import run

    if pool is not None:
        import grader.commands.batch as command

        command._local = lambda how, jobs: pool
    if fault is not None:
        sys.addaudithook(fault)
        fault.armed = True
    try:
        return run(arguments)
    except BaseException:  # noqa: BLE001 - that there is none is what is tested
        if fault is not None:
            fault.armed = False
        traceback.print_exc()
        return 1
    finally:
        if fault is not None:
            fault.armed = False


class KnownPool:
    """Gives what is known already, so that nothing is graded a hundred times over."""

    def __init__(self, known):
        self.known = known

    def run(self, tasks):
        from dataclasses import replace

        for task in tasks:
            yield replace(self.known[task.submission.digest], number=task.number)

    def close(self):
        pass


class Remembering:
    """A pool that keeps what came back."""

    def __init__(self, pool):
        self.pool, self.known = pool, {}

    def run(self, tasks):
        digests = {}

        def seen():
            for task in tasks:
                digests[task.number] = task.submission.digest
                yield task

        for done in self.pool.run(seen()):
            self.known[digests[done.number]] = done
            yield done

    def close(self):
        self.pool.close()


def in_fork(arguments, pool, fault, told):
    """Run a command in a fork; give its exit code, what it printed, and what was refused."""
    said = told / "said"
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            descriptor = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            os.dup2(descriptor, 1)
            os.dup2(descriptor, 2)
            code = run_once(arguments, pool, fault)
            sys.stdout.flush()
            sys.stderr.flush()
            (told / "refused").write_text(fault.refused if fault else "", encoding="utf-8")
        finally:
            os._exit(code)
    status = os.waitpid(pid, 0)[1]
    return os.waitstatus_to_exitcode(status), said.read_text(encoding="utf-8", errors="replace"), (told / "refused").read_text()


def shown(results):
    files = {path.relative_to(results).as_posix(): path.read_bytes() for path in sorted(results.rglob("*.json"))}
    gradebook = results / "gradebook.csv"
    return files | ({"gradebook": gradebook.read_bytes()} if gradebook.exists() else {})


def is_whole(results, expected):
    """Whether every file that is there is as it should be in the end; some may not be there yet."""
    return all(expected.get(name) == data for name, data in shown(results).items())


def learn(arguments):
    """Run the command as it is, so that everything is imported, and what was graded is known."""
    import grader.commands.batch as command
    from grader.batch.pool import LocalPool

    kept = []

    def make(how, jobs):
        kept.append(Remembering(LocalPool(how, 2)))
        return kept[0]

    before, command._local = command._local, make
    assert run_once(arguments, None, None) == 0
    command._local = before
    return KnownPool(kept[0].known)


def main(order):
    arguments, results = order["arguments"], Path(order["results"])
    told = Path(tempfile.mkdtemp(prefix="told-"))
    # The report of the command must not be among ours.
    out, sys.stdout = sys.stdout, sys.stderr
    pool = learn(arguments) if arguments[0] == "batch" else None
    if pool is None:
        run_once(arguments, None, None)
    expected = {name: data for name, data in shown(results).items() if name != "scorecards/.written"}
    found = []
    for number in range(order.get("first", 1), MOST):
        shutil.rmtree(results, ignore_errors=True)
        how = {"lasts": order.get("lasts", False), "spared": order.get("spared", "/proc")}
        fault = Fault(number, order["of"], getattr(errno, order["errno"]), **how)
        code, said, refused = in_fork(arguments, pool, fault, told)
        if not refused:
            break
        one = {"number": number, "refused": refused, "code": code, "said": said, "whole": is_whole(results, expected)}
        if pool is not None:
            again, words, _refused = in_fork(arguments, pool, None, told)
            one |= {"again": again, "words": words, "same": shown(results) == expected}
        found.append(one)
    shutil.rmtree(told)
    sys.stdout = out
    print(json.dumps(found))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
