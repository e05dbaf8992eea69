"""The images hold what they need and nothing else, and all of it is pinned."""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = sorted((ROOT / "image").glob("*.txt"))
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def entries(path: Path) -> list[str]:
    """The requirements of a lock file, each with its hashes."""
    return re.split(r"(?m)^(?=[^ #\n])", path.read_text(encoding="utf-8"))[1:]


def names(path: Path) -> set[str]:
    return {entry.partition("==")[0] for entry in entries(path)}


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_requirement_of_the_images_is_pinned_with_hashes(path):
    for entry in entries(path):
        assert re.match(r"[a-z0-9-]+==[0-9][^ ]*( ; [^\\]+)? \\\n", entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry), entry


def test_all_that_layerwise_needs_is_in_the_locks():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    def wanted(requirements):
        return {re.split(r"[<>=\[; ]", one)[0] for one in requirements}

    assert wanted(project["project"]["dependencies"]) <= names(ROOT / "image" / "worker.txt") | names(ROOT / "image" / "layerwise.txt")
    assert wanted(project["build-system"]["requires"]) <= names(ROOT / "image" / "build.txt")


def test_the_worker_has_numpy_alone_and_the_same_as_the_grader():
    assert names(ROOT / "image" / "worker.txt") == {"numpy"}
    assert "numpy" not in names(ROOT / "image" / "layerwise.txt")


def test_pip_is_told_to_take_nothing_that_has_no_hash():
    assert "PIP_REQUIRE_HASHES=1 PIP_ONLY_BINARY=:all: PIP_NO_DEPS=1" in DOCKERFILE
    # Once it is told otherwise: for our own wheel, which is made in the build.
    assert DOCKERFILE.count("PIP_REQUIRE_HASHES=0") == 1


def test_both_images_begin_from_nothing_and_run_as_nobody():
    stages = re.split(r"(?m)^FROM ", DOCKERFILE)[1:]
    final = {stage.split()[2]: stage for stage in stages if stage.split()[2] in ("sandbox", "ci")}

    assert [stage.split()[0] for stage in final.values()] == ["scratch", "scratch"]
    assert all("\nUSER 10001:10001\n" in stage and "\nRUN" not in stage for stage in final.values())


LOOK = """
import json, os, shutil
paths = [os.path.join(r, f) for r, folders, files in os.walk("/") if not r.startswith(("/proc", "/sys", "/dev")) for f in files]
json.dump({
    "uid": os.getuid(),
    "tools": [t for t in "sh bash dash busybox perl apt dpkg tar pip gcc ld curl wget su mount".split() if shutil.which(t)],
    "setuid": [p for p in paths if os.lstat(p).st_mode & 0o6000],
    "writable": [p for p in paths if not os.path.islink(p) and os.access(p, os.W_OK)],
    "programs": sorted({os.path.realpath(os.path.join(d, f)) for d in ("/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin")
                        if os.path.isdir(d) for f in os.listdir(d)}),
    "course": [p for p in paths if "/reference/" in p or "secret-seed" in p],
}, __import__("sys").stdout)
"""


@pytest.mark.docker
@pytest.mark.parametrize(("image", "has_course"), [("layerwise-sandbox", False), ("layerwise", True)])
def test_an_image_has_no_shell_no_setuid_program_and_nothing_that_can_be_written(image, has_course):
    from grader.errors import SandboxError
    from grader.sandbox.docker import connect_engine, find_image

    try:
        engine = connect_engine()
    except SandboxError as error:
        pytest.skip(str(error))
    with contextlib.closing(engine):
        try:
            name = find_image(engine, f"{image}:local")
        except SandboxError as error:
            pytest.skip(f"{error}. {error.remedy}")

    ended = subprocess.run(
        ["docker", "run", "--rm", "--network", "none", "--entrypoint", "python", name, "-c", LOOK],
        capture_output=True,
        text=True,
        check=True,
    )
    seen = json.loads(ended.stdout)

    assert seen["uid"] == 10001
    assert (seen["tools"], seen["setuid"], seen["writable"]) == ([], [], [])
    assert [Path(path).name.rstrip("0123456789.") for path in seen["programs"]] == ["python"]
    assert bool(seen["course"]) == has_course
    assert [path for path in seen["course"] if "secret-seed" in path] == []


def test_the_folder_of_an_image_is_gathered_without_what_is_left_out(tmp_path):
    if not sys.platform.startswith("linux"):
        pytest.skip("it gathers what Linux loads")
    extra = tmp_path / "extra"
    extra.mkdir()
    (extra / "module.py").write_text("answer = 42\n")

    subprocess.run([sys.executable, str(ROOT / "image" / "rootfs.py"), str(tmp_path / "root"), str(extra)], check=True)

    found = {path.relative_to(tmp_path / "root").as_posix() for path in (tmp_path / "root").rglob("*")}
    assert str(extra / "module.py")[1:] in found
    assert [path for path in found if path.endswith(("/bin/sh", "/bin/bash"))] == []
    assert [path for path in found if path.endswith(("libc.so.6", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1", "ld-musl-x86_64.so.1"))]
    assert [path for path in found if path.endswith("/os.py")]
    assert [path for path in found if "/idlelib/" in path or "/ensurepip/" in path] == []
