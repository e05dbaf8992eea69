"""Nothing hidden gets out of a grading: not by a process list, an environment, a temporary file, the store, a text or a core file.

A class is graded with a secret seed while everything that the machine shows of it is read, again and again.
"""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
import zlib
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from grader.catalog import load_course
from grader.seeding import new_seed

if not sys.platform.startswith("linux"):
    pytest.skip("what a process shows is read in /proc", allow_module_level=True)
import resource

pytest.importorskip("sqlalchemy")

ROOT = Path(__file__).parent.parent
TINY = ROOT / "tests" / "courses" / "tiny"
# Put into the reference as a line of code and as a comment; no other file has it.
MARKER = "Zq7ReferenceMarker"
# Works for a while in every call, so that its process can be looked at, and gives answers that fail, print and raise.
SLOW = """
import numpy as np

def cube_forward(x, scale=1.0):
    for _ in range(2_000_000):
        pass
    print(x)
    return scale * x**2, (x, scale)

def cube_backward(dout, cache):
    raise ValueError(str(dout))
"""


@dataclass(slots=True)
class Seen:
    """What was seen of a run: texts by where they were, core limits by process, and how many processes of the sandbox there were."""

    texts: dict[str, bytes] = field(default_factory=dict)
    cores: dict[str, str] = field(default_factory=dict)
    sandboxed: set[int] = field(default_factory=set)
    forked: set[int] = field(default_factory=set)


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("secrets") / "course"
    shutil.copytree(TINY, root, ignore=shutil.ignore_patterns("__pycache__"))
    table = (root / "course.toml").read_text(encoding="utf-8")
    (root / "course.toml").write_text(table.replace("[seed]\n", '[seed]\nfile = "secret-seed.txt"\n'), encoding="utf-8")
    reference = root / "reference" / "power.py"
    reference.write_text(f"{reference.read_text(encoding='utf-8')}\n\n# {MARKER}\nLINE = '{MARKER}'\n", encoding="utf-8")
    new_seed(root)
    return root


@pytest.fixture(scope="module")
def works(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("works")
    for name in ("ada", "bob"):
        (folder / name).mkdir()
        (folder / name / "power.py").write_text(f"# {name}\n{SLOW}", encoding="utf-8")
    return folder


def needles(course: Path) -> list[bytes]:
    """The seed in every form in which it might be written down, and the lines of the reference that nobody else would write."""
    text = (course / "secret-seed.txt").read_bytes().strip()
    raw = bytes.fromhex(text.decode("ascii"))
    forms = [text, raw, text.hex().encode(), text.upper(), repr(raw)[2:-1].encode()]
    # The last characters of base64 depend on what follows.
    forms += [base64.b64encode(one)[:-4] for one in (text, raw)]
    lines = [line.strip() for line in (course / "reference" / "power.py").read_bytes().splitlines()]
    return [*forms, MARKER.encode(), *(line for line in lines if len(line) > 24 and not line.startswith((b"def ", b'"""')))]


def leaks(course: Path, texts: dict[str, bytes]) -> list[tuple[str, bytes]]:
    return [(place, needle) for place, text in texts.items() for needle in needles(course) if needle in text]


def watched(command: list[str], temporary: Path, **environment: str) -> tuple[Seen, subprocess.CompletedProcess]:
    """Run a command, and read what its processes and its temporary folder show until it ends."""
    temporary.mkdir(exist_ok=True)
    env = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(temporary), "CI": "1", **environment}
    process = subprocess.Popen([sys.executable, "-m", "grader", *command], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    allow_cores(process.pid)
    seen, over = Seen(), threading.Event()

    def look():
        while not over.is_set():
            for pid in family(process.pid):
                look_at(pid, seen)
            for path in temporary.rglob("*"):
                with contextlib.suppress(OSError):
                    if path.is_file():
                        seen.texts[f"temporary {path.name}"] = path.read_bytes()
            time.sleep(0.01)

    looker = threading.Thread(target=look)
    looker.start()
    out, err = process.communicate(timeout=120)
    over.set()
    looker.join()
    seen.texts |= {"stdout": out, "stderr": err}
    return seen, subprocess.CompletedProcess(command, process.returncode, out, err)


def allow_cores(pid: int) -> None:
    """Many machines allow no core file to begin with, where a test of them would prove nothing."""
    # Only root may raise the hard limit, which a test in this process may have put to 0.
    hard = resource.RLIM_INFINITY if os.getuid() == 0 else resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.prlimit(pid, resource.RLIMIT_CORE, (hard, hard))


def family(pid: int) -> list[int]:
    """A process and all its descendants."""
    found = [pid]
    with contextlib.suppress(OSError, ValueError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += family(int(child))
    return found


def look_at(pid: int, seen: Seen) -> None:
    place = Path(f"/proc/{pid}")
    try:
        line = (place / "cmdline").read_bytes()
        limits = (place / "limits").read_text()
        if not line:
            # It is a zombie, which shows nothing any more.
            return
        seen.texts[f"cmdline {pid}"] = line
        sandboxed = b"zygote" in line
        if sandboxed:
            parent = int((place / "stat").read_text().rpartition(")")[2].split()[1])
            (seen.forked if parent in seen.sandboxed else seen.sandboxed).add(pid)
            seen.texts[f"environ {pid}"] = (place / "environ").read_bytes()
        core = next(text for text in limits.splitlines() if text.startswith("Max core file size"))
        seen.cores[f"{'sandbox' if sandboxed else 'grader'} {pid}"] = " ".join(core.split()[4:6])
    except (OSError, StopIteration, IndexError):
        # It has ended, or, for an ordinary user, belongs to root since it was shielded.
        return


def kept(folder: Path) -> dict[str, bytes]:
    """All files of a folder, and every cell of every table of the databases in it, what is compressed also as it was before."""
    texts = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for path in folder.rglob("*.db"):
        with contextlib.closing(sqlite3.connect(path)) as base:
            for (table,) in base.execute("select name from sqlite_master where type = 'table'").fetchall():
                for number, row in enumerate(base.execute(f'select * from "{table}"')):
                    cells = [cell if isinstance(cell, bytes) else str(cell).encode() for cell in row]
                    for cell in list(cells):
                        with contextlib.suppress(zlib.error):
                            cells.append(zlib.decompress(cell))
                    texts[f"{path.name} {table} {number}"] = b"\0".join(cells)
    return texts


@pytest.fixture(scope="module")
def checked(course, works, tmp_path_factory):
    command = ["check", str(works / "ada"), "--course", str(course), "--view", "instructor", "--format", "json"]
    return watched(command, tmp_path_factory.mktemp("check"))


@pytest.fixture(scope="module")
def batch(course, works, tmp_path_factory):
    results = tmp_path_factory.mktemp("results")
    command = ["batch", str(works), "--out", str(results), "--course", str(course), "--jobs", "2"]
    seen, ended = watched(command, tmp_path_factory.mktemp("batch"))
    return seen, ended, results


# ------------------------------------------------------------------------------------------------------------------- controls


def test_the_search_finds_what_it_looks_for(course, tmp_path):
    seed = (course / "secret-seed.txt").read_bytes().strip()
    raw = bytes.fromhex(seed.decode())
    places = {"text": b"x" + seed, "raw": raw + b"x", "base64": base64.b64encode(raw + b"and more"), "line": MARKER.encode()}
    (tmp_path / "results").mkdir()
    with contextlib.closing(sqlite3.connect(tmp_path / "results" / "layerwise.db")) as base:
        base.execute("create table t (body blob)")
        base.execute("insert into t values (?)", [zlib.compress(b"before" + seed + b"after")])
        base.commit()

    found = {place for place, _needle in leaks(course, places | kept(tmp_path / "results"))}

    assert found == {"text", "raw", "base64", "line", "layerwise.db t 0"}


def test_a_process_that_shows_a_secret_is_seen_to_do_so(course, works, tmp_path):
    # As an environment that is handed down would: the folder of temporary files is named after the seed.
    seed = (course / "secret-seed.txt").read_text().strip()

    seen, _ended = watched(["check", str(works / "ada"), "--call-limit", "5", seed], tmp_path / "t")

    assert {place.split()[0] for place, _needle in leaks(course, seen.texts)} >= {"cmdline", "stderr"}


@pytest.mark.parametrize("of", ["checked", "batch"])
def test_the_processes_of_the_sandbox_were_looked_at(of, request):
    seen = request.getfixturevalue(of)[0]

    assert seen.sandboxed
    assert seen.forked
    assert len([place for place in seen.texts if place.startswith("environ")]) >= 2


# -------------------------------------------------------------------------------------------------------------------- the tests


def test_grade_check_with_a_secret_seed_shows_it_nowhere(course, checked):
    seen, ended = checked

    assert leaks(course, seen.texts) == []
    assert json.loads(ended.stdout)["course"]["seed"] == "secret"


def test_grade_batch_with_a_secret_seed_shows_it_nowhere(course, batch):
    seen, ended, _results = batch

    assert ended.returncode == 0, ended.stderr
    assert leaks(course, seen.texts) == []


def test_the_results_of_a_class_hold_the_fingerprint_of_the_seed_and_never_the_seed(course, batch):
    texts = kept(batch[2])

    fingerprint = load_course(course).mark.seed_fingerprint.encode()
    assert leaks(course, texts) == []
    assert [place for place in texts if place.startswith("layerwise.db records ")]
    assert [place for place, text in texts.items() if place.startswith("scorecards/") and fingerprint in text]
    assert [place for place, text in texts.items() if place.startswith("scorecards-student/") and fingerprint in text] == []


def test_a_seed_of_the_environment_does_not_reach_the_sandbox(works, tmp_path):
    # 32 bytes of one kind, so that they are found in any form of text.
    seed = "Zq7" * 11

    seen, ended = watched(["check", str(works / "ada"), "--course", str(TINY), "--format", "json"], tmp_path / "t", TINY_SEED=seed)

    assert json.loads(ended.stdout)["course"]["seed"] == "secret"
    assert seen.forked
    assert [place for place, text in seen.texts.items() if seed.encode() in text] == []


def test_an_error_of_the_course_does_not_show_what_is_hidden(course, works, tmp_path):
    broken = tmp_path / "course"
    shutil.copytree(course, broken)
    check = broken / "reference" / "checks" / "power.py"
    check.write_text(check.read_text(encoding="utf-8") + "\nraise RuntimeError('not today')\n", encoding="utf-8")

    _seen, ended = watched(["check", str(works / "ada"), "--course", str(broken)], tmp_path / "t")

    assert ended.returncode == 5
    assert b"not today" in ended.stderr
    assert leaks(course, {"stdout": ended.stdout, "stderr": ended.stderr}) == []


def test_nothing_temporary_is_left(batch, checked, tmp_path_factory):
    base = tmp_path_factory.getbasetemp()

    assert [path for folder in (*base.glob("check*"), *base.glob("batch*")) for path in folder.iterdir()] == []


def test_the_text_of_a_course_does_not_show_its_seed(course):
    loaded = load_course(course)

    assert leaks(course, {"repr": repr(loaded).encode(), "fields": repr(dataclasses.replace(loaded)).encode()}) == []


@pytest.mark.parametrize("of", ["checked", "batch"])
def test_no_process_of_a_grading_leaves_a_core_file(of, request):
    seen = request.getfixturevalue(of)[0]

    if os.getuid() != 0 and resource.getrlimit(resource.RLIMIT_CORE)[1] == 0:
        pytest.skip("this machine allows no core file to anybody")
    # The last that was seen of each process: before it has read the seed, it has nothing to hide.
    assert seen.cores
    assert {process: core for process, core in seen.cores.items() if core != "0 0"} == {}


SHIELDED = """
import ctypes, os, resource
from grader.secrecy import shield_memory

shield_memory()
dumpable = ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)
child = os.popen("ulimit -H -c").read().strip()
print(resource.getrlimit(resource.RLIMIT_CORE), dumpable, child)
"""


def test_shielded_memory_is_dumped_nowhere_and_neither_is_that_of_children():
    ended = subprocess.run([sys.executable, "-c", SHIELDED], cwd=ROOT, capture_output=True, text=True, check=True)

    assert ended.stdout == "(0, 0) 0 0\n"


LOADED = """
import ctypes, resource, sys
from pathlib import Path
from grader.batch.bundle import pack_course, unpack_course
from grader.catalog import load_course

course = load_course(Path(sys.argv[1]))
print(course.seed_is_secret, resource.getrlimit(resource.RLIMIT_CORE) == (0, 0), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
if sys.argv[2] == "sent":
    ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)
    unpack_course(pack_course(course))
    print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""


def test_whatever_loads_a_course_with_a_secret_seed_is_shielded_be_it_on_a_cluster(course):
    loaded = subprocess.run([sys.executable, "-c", LOADED, str(course), "here"], cwd=ROOT, capture_output=True, text=True, check=True)
    sent = subprocess.run([sys.executable, "-c", LOADED, str(course), "sent"], cwd=ROOT, capture_output=True, text=True, check=True)

    assert loaded.stdout == "True True 0\n"
    assert sent.stdout == "True True 0\n0\n"


def test_a_course_with_the_public_seed_leaves_a_process_as_it_was():
    command = [sys.executable, "-c", LOADED, str(ROOT / "tests" / "courses" / "tiny"), "here"]
    loaded = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)

    assert loaded.stdout.split()[::2] == ["False", "1"]


READS = """
import os, subprocess, sys
sys.path.insert(0, sys.argv[1])
import ctypes, grader.secrecy
shielded = sys.argv[2] == "shielded"
if os.getuid() == 0:
    os.setresgid(65534, 65534, 65534)
    os.setresuid(65534, 65534, 65534)
    # A change of user takes the flag away by itself; an ordinary process has it.
    ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)
if shielded:
    grader.secrecy.shield_memory()
reader = os.fork()
if reader == 0:
    try:
        open(f"/proc/{os.getppid()}/environ", "rb").read()
    except PermissionError:
        os._exit(13)
    os._exit(0)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(reader, 0)[1]))
"""


@pytest.mark.parametrize(("how", "code"), [("open", 0), ("shielded", 13)])
def test_another_process_of_the_same_user_reads_the_environment_of_a_shielded_one_no_more(how, code):
    ended = subprocess.run([sys.executable, "-c", READS, str(ROOT), how], check=False)

    assert ended.returncode == code
