from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import numpy as np
import pytest

from grader.errors import SandboxError
from grader.model import Ending, Limits
from tests.sandbox import jobs

if not sys.platform.startswith("linux"):
    pytest.skip("the docker sandbox needs an engine that shares this machine's kernel", allow_module_level=True)

import docker

from grader.sandbox import docker as sandbox_module
from grader.sandbox.client import ZygoteClient
from grader.sandbox.docker import DockerSandbox, connect_engine, find_image
from grader.sandbox.inside import preload
from grader.sandbox.process import ProcessSandbox

pytestmark = pytest.mark.docker


@pytest.fixture(scope="module")
def engine():
    try:
        engine = connect_engine()
    except SandboxError as error:
        pytest.skip(str(error))
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def image(engine):
    try:
        return find_image(engine, None)
    except SandboxError as error:
        pytest.skip(f"{error}. {error.remedy}")


@pytest.fixture(scope="module")
def sandbox(image):
    with DockerSandbox(image) as opened:
        assert opened.versions[1]
        yield opened


def left_behind(engine) -> set[str]:
    folders = {str(path) for path in Path(tempfile.gettempdir()).glob("layerwise-*") if (path / "ctl").exists()}
    return folders | {container.name for container in engine.containers.list(all=True, filters={"name": "layerwise-"}, ignore_removed=True)}


def inside(sandbox: DockerSandbox, script: str):
    """What a program in the container, beside the zygote and not sealed, finds."""
    code, output = sandbox.container.exec_run(["python", "-c", f"import json, os, sys\n{script}"])
    assert code == 0, output
    return json.loads(output)


# The container


def test_everything_is_taken_from_the_container_that_the_engine_can_take(sandbox):
    attributes = sandbox.container.attrs
    host, config = attributes["HostConfig"], attributes["Config"]

    expected = {
        "NetworkMode": "none",
        "ReadonlyRootfs": True,
        "CapDrop": ["ALL"],
        "CapAdd": None,
        "Privileged": False,
        "SecurityOpt": ["no-new-privileges"],
        "IpcMode": "none",
        "PidsLimit": 32,
        # 1024 MiB for a student, 256 for Python and NumPy, 128 for the zygote; and no swap beyond it.
        "Memory": 1408 << 20,
        "MemorySwap": 1408 << 20,
        "NanoCpus": 10**9,
        "LogConfig": {"Type": "none", "Config": {}},
        "AutoRemove": True,
    }
    assert {name: host[name] for name in expected} == expected
    assert {limit["Name"]: (limit["Soft"], limit["Hard"]) for limit in host["Ulimits"]} == {"core": (0, 0), "nofile": (256, 256)}
    assert config["User"] == "10001:10001"
    assert not config["AttachStdin"]
    assert [mount["Destination"] for mount in attributes["Mounts"]] == ["/ctl"]


def test_nothing_can_be_written_in_the_container_not_even_where_the_socket_was(sandbox):
    script = """
seen = {}
for folder in ("/", "/tmp", "/dev", "/ctl", "/opt/layerwise/inside", "/dev/shm"):
    try:
        open(f"{folder}/x", "w").close()
        seen[folder] = 0
    except OSError as error:
        seen[folder] = error.errno
print(json.dumps(seen))"""

    seen = inside(sandbox, script)

    # The device folder is a file system of its own, which root alone may write to; of the socket's, the grader has deleted its own end.
    refusals = {errno.EROFS, errno.EACCES, errno.ENOENT}
    assert seen["/"] == seen["/tmp"] == seen["/opt/layerwise/inside"] == errno.EROFS
    assert all(number in refusals for number in seen.values())


def test_the_container_has_no_network_and_no_privilege(sandbox):
    script = """
status = dict(line.split(":\\t", 1) for line in open("/proc/self/status").read().splitlines() if ":\\t" in line)
print(json.dumps({"interfaces": os.listdir("/sys/class/net"), "uids": os.getresuid(), "nnp": status["NoNewPrivs"],
                  "caps": [status[name] for name in ("CapEff", "CapPrm", "CapBnd")]}))"""

    seen = inside(sandbox, script)

    assert set(seen["interfaces"]) <= {"lo", "tunl0", "sit0", "ip6tnl0", "gre0", "gretap0", "erspan0", "ip_vti0", "ip6_vti0", "ip6gre0"}
    assert seen["uids"] == [10001] * 3
    assert seen["nnp"] == "1"
    assert set(seen["caps"]) == {"0" * 16}


def test_the_image_holds_the_worker_and_nothing_of_the_grader_or_the_reference(sandbox):
    script = """
found = []
for folder, folders, files in os.walk("/"):
    folders[:] = [name for name in folders if os.path.join(folder, name) not in ("/proc", "/sys")]
    found += [os.path.join(folder, name) for name in folders + files
              if name in ("grader", "reference", "exercises", "course.toml", "batchnorm.py") or name.startswith("layerwise-")]
print(json.dumps({"found": found, "inside": sorted(os.listdir("/opt/layerwise/inside"))}))"""

    seen = inside(sandbox, script)

    ours = {path.name for path in (Path(sandbox_module.__file__).parent / "inside").glob("*.py")}
    assert seen["found"] == []
    assert set(seen["inside"]) - {"__pycache__"} == ours


def test_the_layers_say_that_the_child_is_sealed_and_in_a_container(sandbox):
    layers = sandbox.layers

    assert (layers.sandbox, layers.seccomp, layers.container, layers.rlimits, layers.uid_dropped) == ("docker", True, True, True, True)


# Jobs


def test_the_same_job_gets_the_same_replies_as_from_the_process_sandbox(sandbox):
    # No matrix product: two versions of BLAS may add in another order.
    source = jobs.ADD + jobs.ORDER + jobs.DRAWS + jobs.SNEAKS
    calls = [("add", np.arange(6.0).reshape(2, 3), 0.5), ("order",), ("draw",), ("peek", "/etc/passwd"), ("bring",), ("add", "a", 1)]
    same = jobs.job(source, *calls, seed=11)

    with ProcessSandbox() as process:
        theirs, ours = process.run(same), sandbox.run(same)

    assert ours.ending is theirs.ending is Ending.FINISHED
    assert len(ours.replies) == 7  # one for loading, one for each call
    assert ours.replies == theirs.replies


@pytest.mark.parametrize(
    ("source", "call", "limits", "ending"),
    [
        (jobs.ENDLESS, ("spin",), Limits(call_s=0.3), Ending.OUT_OF_TIME),
        (jobs.ENDLESS, ("spin",), Limits(call_s=30.0, cpu_s=1), Ending.OUT_OF_CPU),
        (jobs.FLOODS, ("flood",), Limits(output_bytes=100_000), Ending.TOO_MUCH_OUTPUT),
        (jobs.CRASHES, ("crash",), Limits(), Ending.DIED),
        (jobs.CRASHES, ("leave", 7), Limits(), Ending.DIED),
    ],
    ids=["time", "cpu", "output", "segfault", "os._exit"],
)
def test_endings_are_named_as_in_the_process_sandbox(sandbox, source, call, limits, ending):
    with ProcessSandbox() as process:
        theirs, ours = (each.run(jobs.job(source, call, limits=limits)) for each in (process, sandbox))

    assert (ours.ending, ours.signal, ours.exit_code) == (theirs.ending, theirs.signal, theirs.exit_code)
    assert ours.ending is ending


def test_a_job_cannot_use_more_memory_than_its_container_has(image):
    with DockerSandbox(image, memory_mib=128) as opened:
        run = opened.run(jobs.job(jobs.HOARDS, ("hoard", 16), ("hoard", 1024), limits=Limits(memory_mib=4096)))

    few, many = jobs.values(run)
    assert few == 2.0**21  # 16 MiB are 2^21 ones of 8 bytes
    assert many[:2] == ("raised", "MemoryError") or many[1] == "_ArrayMemoryError"
    assert run.ending is Ending.FINISHED


def test_large_arrays_cross_both_ways(sandbox):
    array = np.random.default_rng(5).normal(size=(300, 400))

    run = sandbox.run(jobs.job("def same(x):\n    return x\n", *[("same", array)] * 4))

    assert all(np.array_equal(value, array) for value in jobs.values(run))


def test_many_jobs_leave_no_open_file_and_no_process(sandbox):
    sandbox.run(jobs.job(jobs.ADD, ("add", 1, 2)))
    before = len(os.listdir("/proc/self/fd"))

    for _ in range(20):
        sandbox.run(jobs.job(jobs.ADD, ("add", 1, 2)))

    assert len(os.listdir("/proc/self/fd")) == before
    assert len(sandbox.container.top()["Processes"]) == 1


# What goes wrong


def test_a_container_that_is_killed_loses_the_job_and_can_be_replaced(engine, image):
    before = left_behind(engine)
    with DockerSandbox(image) as opened:
        killer = threading.Timer(0.3, opened.container.kill)
        assert opened.versions[1]
        killer.start()

        run = opened.run(jobs.job(jobs.SLEEPS, ("rest", 20)))
        killer.join()
        opened.restart()
        after = opened.run(jobs.job(jobs.ADD, ("add", 2, 3)))

    assert (run.ending, after.ending) == (Ending.LOST, Ending.FINISHED)
    assert jobs.values(after) == [5]
    assert left_behind(engine) == before


def test_nothing_is_left_when_a_sandbox_is_closed(engine, image):
    before = left_behind(engine)
    opened = DockerSandbox(image)
    during = left_behind(engine) - before
    assert opened.versions[1]
    warm = left_behind(engine) - before

    opened.close()

    # The folder goes as soon as the grader is connected.
    assert (len(during), len(warm)) == (2, 1)
    assert left_behind(engine) == before


def test_nothing_is_left_of_a_sandbox_that_was_never_used(engine, image):
    before = left_behind(engine)

    DockerSandbox(image).close()

    assert left_behind(engine) == before


@pytest.mark.parametrize("place", ["creating", "greeting"])
def test_nothing_is_left_after_an_interrupt(engine, image, monkeypatch, place):
    before = left_behind(engine)

    def interrupt(*_arguments, **_options):
        raise KeyboardInterrupt

    if place == "creating":
        monkeypatch.setattr(docker.models.containers.Container, "start", interrupt)
    else:
        monkeypatch.setattr(ZygoteClient, "greet", interrupt)

    with pytest.raises(KeyboardInterrupt), DockerSandbox(image) as opened:
        opened.run(jobs.job(jobs.ADD, ("add", 2, 3)))
    assert left_behind(engine) == before


def test_a_grader_that_is_killed_leaves_no_container(engine, image):
    before = left_behind(engine)
    program = f"""
import time
from grader.sandbox.docker import DockerSandbox
sandbox = DockerSandbox({image!r})
print(*sandbox.versions, flush=True)
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", program], cwd=Path(__file__).parents[2], stdout=subprocess.PIPE) as grader:
        assert grader.stdout.readline().startswith(b"3.")
        during = left_behind(engine) - before
        grader.kill()

    assert len(during) == 1
    assert wait_for(lambda: left_behind(engine) == before)


def wait_for(condition) -> bool:
    gone = threading.Event()
    return any(condition() or gone.wait(0.05) for _ in range(200))


def test_an_image_that_is_not_there_is_not_pulled_and_its_remedy_says_how_to_build_it(engine):
    with pytest.raises(SandboxError, match="no image layerwise-no-such-image") as caught:
        DockerSandbox("layerwise-no-such-image")

    assert "docker build --target sandbox -t layerwise-sandbox ." in caught.value.remedy


def test_the_image_can_be_named_by_an_environment_variable(engine, monkeypatch):
    monkeypatch.setenv("LAYERWISE_SANDBOX_IMAGE", "layerwise-no-such-image")

    with pytest.raises(SandboxError, match="no image layerwise-no-such-image"):
        DockerSandbox()


def test_a_worker_of_another_version_is_refused(engine, image, monkeypatch):
    before = left_behind(engine)
    monkeypatch.setattr(preload, "fingerprint", lambda: "of other sources")

    with pytest.raises(SandboxError, match="another version") as caught, DockerSandbox(image) as opened:
        opened.run(jobs.job(jobs.ADD, ("add", 2, 3)))

    assert "docker build" in caught.value.remedy
    assert left_behind(engine) == before


@pytest.mark.parametrize(
    ("program", "message"),
    [("raise SystemExit(3)", "ended while it was starting"), ("import time; time.sleep(60)", "could not be talked to within 1 s")],
    ids=["no worker", "a silent one"],
)
def test_a_container_that_does_not_answer_is_named_and_removed(engine, image, monkeypatch, program, message):
    before = left_behind(engine)
    monkeypatch.setattr(sandbox_module, "command", lambda *_: ["-c", program])

    with pytest.raises(SandboxError, match=message) as caught, DockerSandbox(image, start_s=1.0) as opened:
        opened.run(jobs.job(jobs.ADD, ("add", 2, 3)))

    assert caught.value.remedy
    assert left_behind(engine) == before


def test_a_module_that_the_image_does_not_hold_is_an_error_of_ours(image):
    with pytest.raises(SandboxError, match="no_such_module"), DockerSandbox(image, extra_modules=("no_such_module",)) as opened:
        opened.run(jobs.job(jobs.ADD, ("add", 1, 2)))
