"""A class overnight, against what courses do today: submissions per second in one run, side by side.

    python benchmarks/batch.py [--count 1000] [--few 40] [--docker] [--dask] [--share 0.4] [--memory 10000] [EXERCISE ...]

The class is that of benchmarks/classes.py. Ways to grade it:

- `grade batch`: the command as an instructor gives it, start-up, store, scorecards and gradebook included;
- pytest per submission and a fresh Python per submission: no isolation, no scorecard, killed after the limit of a call;
- `docker run` per submission, with `--docker`: `grade check` in the container of the Dockerfile;
- the bare floor, on right ones: the same calls and comparisons in one warm process per core, and nothing else.

The slow ways get the first `--few` submissions of the same class. `--memory` grades that many and prints the largest memory of the batch.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
from classes import ALL_RIGHT, MIX, Maker
from throughput import WORKERS, by_bare_floor

from grader.catalog import load_course

HERE = Path(__file__).parent
CALL_S = 1.0
START_S = 4.0


def grade_batch(works: Path, exercises: list[str], *more: str) -> tuple[float, float]:
    """Seconds and the largest memory (MiB) of the process that leads the batch."""
    with tempfile.TemporaryDirectory() as results:
        options = ["--out", results, "--call-limit", str(CALL_S), "-q", *more]
        command = [sys.executable, "-m", "grader", "batch", str(works), *exercises, *options]
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=HERE.parent)
        largest = watch_memory(process)
        assert process.wait() in (0, 3), process.returncode
        return time.perf_counter() - started, largest()


def watch_memory(process: subprocess.Popen):
    seen = [0]

    def watch() -> None:
        while process.poll() is None:
            try:
                seen[0] = max(seen[0], psutil.Process(process.pid).memory_info().rss)
            except psutil.NoSuchProcess:
                return
            time.sleep(0.2)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()

    def largest() -> float:
        thread.join()
        return seen[0] / 2**20

    return largest


def run_each(commands: list[list[str]]) -> float:
    """Seconds for all commands, one per core at a time; each is killed after what an endless one may take."""
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(HERE.parent), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}

    def one(command: list[str]) -> None:
        try:
            subprocess.run(command, check=False, capture_output=True, env=environment, timeout=CALL_S + START_S)
        except subprocess.TimeoutExpired:
            return

    started = time.perf_counter()
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(one, commands))
    return time.perf_counter() - started


def by_pytest(paths: list[Path], exercises: list[str]) -> float:
    test = str(HERE / "baseline" / "test_one.py")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", str(HERE), test]
    return run_each([[*command, "--submission", str(path), "--exercises", ",".join(exercises)] for path in paths])


def by_fresh_python(paths: list[Path], exercises: list[str]) -> float:
    return run_each([[sys.executable, str(HERE / "baseline" / "grade_one.py"), str(path), *exercises] for path in paths])


def by_docker(paths: list[Path], exercises: list[str]) -> float:
    limits = ["--network", "none", "--memory", "1g", "--pids-limit", "64", "--cap-drop", "ALL"]
    rest = ["layerwise:local", "check", "/submission", *exercises, "--format", "json", "--call-limit", str(CALL_S)]
    return run_each([["docker", "run", "--rm", *limits, "-v", f"{path}:/submission:ro", *rest] for path in paths])


def compare(course, exercises: list[str], count: int, few: int, mix: dict[str, int], *, docker: bool) -> None:
    with tempfile.TemporaryDirectory() as root:
        works = Path(root) / "works"
        made = Maker(course, exercises).write_class(works, count, mix)
        paths = list(made)
        rows: dict[str, float] = {}
        seconds, memory = grade_batch(works, exercises)
        rows["`grade batch`"] = count / seconds
        rows["fresh Python per submission"] = few / by_fresh_python(paths[:few], exercises)
        rows["pytest per submission"] = few / by_pytest(paths[:few], exercises)
        if docker:
            rows["`docker run` per submission"] = few / by_docker(paths[:few], exercises)
        if mix is ALL_RIGHT:
            rows["bare floor, no isolation"] = count / by_bare_floor(exercises, paths)
        kinds = ", ".join(f"{number} {kind}" for kind, number in Counter(made.values()).most_common())
        print(f"\n{count} submissions of {', '.join(exercises)} ({kinds}); {WORKERS} cores; the batch itself held {memory:.0f} MiB\n")
        print("| way | submissions/s | times pytest |" + (" times `docker run` |" if docker else ""))
        print("| --- | --- | --- |" + (" --- |" if docker else ""))
        for name, rate in rows.items():
            cells = f"| {name} | {rate:.1f} | {rate / rows['pytest per submission']:.1f} |"
            print(cells + (f" {rate / rows['`docker run` per submission']:.1f} |" if docker else ""), flush=True)


def on_dask(course, exercises: list[str], count: int, shares: list[float]) -> None:
    """One worker of a local Dask cluster against two.

    A worker keeps its own process, its sandbox and the batch busy in turns, so two of them need more than two cores: with a `share`, each
    has that part of one core and no more, as if it were a small machine of its own, and the rest is the batch's and the scheduler's.
    """
    with tempfile.TemporaryDirectory() as root:
        works = Path(root) / "works"
        Maker(course, exercises).write_class(works, count, MIX)
        for number, share in enumerate(shares):
            rates = {workers: on_cluster(works, exercises, count, workers, share, port=18700 + 2 * number + workers) for workers in (1, 2)}
            shown = f"{share:.0%} of a core for each" if share else "no bounds"
            times = rates[2] / rates[1]
            print(f"\nDask, {count} submissions, {shown}: one {rates[1]:.1f}/s, two {rates[2]:.1f}/s, {times:.2f} times", flush=True)


def on_cluster(works: Path, exercises: list[str], count: int, workers: int, share: float, port: int) -> float:
    """Submissions per second."""
    flags = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": HERE.parent, "start_new_session": True}
    dask = [sys.executable, "-m", "dask"]
    address = f"tcp://127.0.0.1:{port}"
    cluster = [subprocess.Popen([*dask, "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"], **flags)]
    worker = [*dask, "worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    cluster += [subprocess.Popen(worker, **flags) for _ in range(workers)]
    groups = [bound(process, share) for process in cluster[1:] if share]
    time.sleep(6 if not share else 6 / share)
    # A worker loads the course with its first task, which is no part of its pace.
    grade_batch(works, exercises[-1:], "--dask", address)
    seconds, _memory = grade_batch(works, exercises, "--dask", address)
    for process in cluster:
        process.terminate()
        process.wait()
    for group in groups:
        with contextlib.suppress(OSError):
            group.rmdir()
    return count / seconds


def bound(process: subprocess.Popen, share: float) -> Path:
    """Give a process, with all that it will start, so much of one core (cgroup v1; root's to do)."""
    group = Path("/sys/fs/cgroup/cpu") / f"layerwise-{process.pid}"
    group.mkdir()
    (group / "cpu.cfs_period_us").write_text("20000")
    (group / "cpu.cfs_quota_us").write_text(str(int(20000 * share)))
    (group / "cgroup.procs").write_text(str(process.pid))
    return group


def memory_of(course, exercises: list[str], counts: list[int]) -> None:
    for count in counts:
        with tempfile.TemporaryDirectory() as root:
            works = Path(root) / "works"
            Maker(course, exercises).write_class(works, count, ALL_RIGHT)
            seconds, memory = grade_batch(works, exercises)
            print(f"\n{count} right submissions of {', '.join(exercises)}: {count / seconds:.1f}/s, {memory:.0f} MiB", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("exercises", nargs="*", default=["batchnorm", "dropout"])
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--few", type=int, default=40)
    parser.add_argument("--docker", action="store_true")
    parser.add_argument("--dask", action="store_true")
    parser.add_argument("--only-dask", action="store_true")
    parser.add_argument("--share", type=float, action="append", default=[], help="also with this part of a core for each worker (root)")
    parser.add_argument("--memory", type=int, default=0)
    options = parser.parse_intermixed_args()
    if options.docker and shutil.which("docker") is None:
        parser.error("--docker needs docker")
    course = load_course()
    for mix in () if options.only_dask else (MIX, ALL_RIGHT):
        compare(course, options.exercises, options.count, options.few, mix, docker=options.docker)
    if options.dask or options.only_dask:
        on_dask(course, options.exercises, options.count // 2, [0.0, *options.share])
    if options.memory:
        memory_of(course, options.exercises[-1:], [options.memory // 10, options.memory])


if __name__ == "__main__":
    main()
