"""A Dask cluster gives what one machine gives; what dies there costs time, and the hidden side goes to workers alone."""

from __future__ import annotations

import contextlib
import datetime
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from grader.batch.bundle import pack_course, unpack_course
from grader.batch.cluster import ClusterError, ClusterPool, Security
from grader.batch.pool import LocalPool
from grader.batch.worker import WorkerOptions
from grader.catalog import load_course
from grader.classwork import Task
from grader.errors import CourseError
from grader.model import Verdict
from grader.submission import load_submission

pytest.importorskip("distributed", reason="the extra `cluster` is not installed")

SAMPLES = Path(__file__).parent.parent.parent / "samples"
ROOT = Path(__file__).parent.parent.parent
WORKS = [load_submission(SAMPLES / name) for name in ("complete", "typical_mistakes", "half_done")]


def tasks(count):
    return [Task(number=number, submission=WORKS[number % 3], exercises=("dropout",)) for number in range(count)]


def free_port(host="127.0.0.1"):
    with socket.socket() as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]


class Cluster:
    """A scheduler and workers of this machine, each a process of its own, as somebody starts them by hand."""

    def __init__(self, *flags, protocol="tcp", host="127.0.0.1"):
        self.port = free_port(host)
        self.flags = list(flags)
        self.address = f"{protocol}://{host}:{self.port}"
        self.processes = []
        self.scheduler = self.start_scheduler()

    def start(self, *arguments, before=()):
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(
            [*before, sys.executable, "-m", "dask", *arguments, *self.flags],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, start_new_session=True, cwd=ROOT,
        )  # fmt: skip
        self.processes.append(process)
        return process

    def start_scheduler(self):
        return self.start("scheduler", "--host", self.address.rpartition(":")[0], "--port", str(self.port), "--no-dashboard", "--no-show")

    def start_worker(self, before=()):
        return self.start("worker", self.address, "--nthreads", "1", "--no-dashboard", "--no-nanny", before=before)

    def stop(self):
        for process in self.processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                for child in psutil.Process(process.pid).children(recursive=True):
                    child.kill()
            process.kill()
            process.wait()


@pytest.fixture
def cluster():
    made = Cluster()
    yield made
    made.stop()


def graded(pool, count):
    found = {done.number: done for done in pool.run(tasks(count))}
    assert all(not done.lost for done in found.values()), [done.lost for done in found.values()]
    return {number: found[number].outcomes for number in sorted(found)}


@pytest.fixture(scope="module")
def here():
    with LocalPool(WorkerOptions(), 1) as pool:
        return graded(pool, 3)


def expected(here, count):
    return {number: here[number % 3] for number in range(count)}


def test_a_cluster_finds_what_one_machine_finds(cluster, here):
    cluster.start_worker()
    cluster.start_worker()
    pool = ClusterPool(WorkerOptions(), cluster.address)

    found = graded(pool, 9)
    pool.close()

    assert found == expected(here, 9)


def test_a_killed_worker_costs_no_result(cluster, here):
    victim = cluster.start_worker()
    cluster.start_worker()
    pool = ClusterPool(WorkerOptions(), cluster.address)
    found = {}
    for done in pool.run(tasks(18)):
        found[done.number] = done.outcomes
        if len(found) == 4:
            victim.send_signal(signal.SIGKILL)
    pool.close()

    assert victim.wait() == -signal.SIGKILL
    assert found == expected(here, 18)


def test_a_scheduler_that_dies_and_comes_back_costs_no_result(cluster, here):
    cluster.start_worker()
    pool = ClusterPool(WorkerOptions(), cluster.address)
    found = {}
    for done in pool.run(tasks(12)):
        found[done.number] = done.outcomes
        if len(found) == 3:
            cluster.scheduler.kill()
            cluster.scheduler.wait()
            cluster.start_scheduler()
            cluster.start_worker()
    pool.close()

    assert found == expected(here, 12)


def test_a_scheduler_that_stays_away_ends_the_batch_in_one_sentence(cluster):
    cluster.start_worker()
    pool = ClusterPool(WorkerOptions(), cluster.address, absence_s=3)

    results = pool.run(tasks(12))
    next(results)
    cluster.scheduler.kill()

    with pytest.raises(ClusterError, match="is gone"):
        list(results)


def test_no_scheduler_is_one_sentence(monkeypatch):
    monkeypatch.setattr("grader.batch.cluster.CONNECT_S", 1.0)

    with pytest.raises(ClusterError, match="there is no Dask scheduler"):
        ClusterPool(WorkerOptions(), f"tcp://127.0.0.1:{free_port()}")


def test_a_worker_that_comes_late_is_waited_for(cluster, here):
    pool = ClusterPool(WorkerOptions(), cluster.address)
    results = pool.run(tasks(3))
    started = time.monotonic()
    cluster.start_worker()

    found = {done.number: done.outcomes for done in results}
    pool.close()

    assert found == expected(here, 3)
    assert time.monotonic() - started < 60


def test_a_secret_seed_travels_with_the_course_and_reaches_the_worker(monkeypatch, tmp_path):
    monkeypatch.setenv("LAYERWISE_SEED", "a secret of at least sixteen bytes")
    course = load_course()
    bundle = pack_course(course)
    monkeypatch.delenv("LAYERWISE_SEED")

    there = unpack_course(bundle)

    assert there.seed == course.seed
    assert there.seed_is_secret
    assert "secret" not in repr(bundle)
    assert not any(course.seed in path.read_bytes() for path in there.root.rglob("*") if path.is_file())


def test_another_version_of_layerwise_on_a_worker_is_refused(monkeypatch):
    bundle = pack_course(load_course())
    monkeypatch.setattr("grader.batch.bundle.engine_digest", lambda: "another")

    with pytest.raises(CourseError, match="another version"):
        unpack_course(bundle)


def test_all_verdicts_of_a_right_submission_arrive(here):
    assert {check.verdict for outcome in here[0] for function in outcome.functions for check in function.checks} == {Verdict.ACCEPTED}


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """An authority of our own and one certificate for everybody, made by the well-kept library that distributed itself asks for."""
    x509 = pytest.importorskip("cryptography.x509", reason="cryptography is not installed")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "layerwise tests")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - datetime.timedelta(minutes=5)).not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "ca.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(private)
    return folder


def test_over_tls_the_same_is_found(certificates, here):
    files = ("--tls-ca-file", certificates / "ca.pem", "--tls-cert", certificates / "ca.pem", "--tls-key", certificates / "key.pem")
    made = Cluster(*map(str, files), protocol="tls")
    try:
        made.start_worker()
        security = Security(ca=str(files[1]), certificate=str(files[3]), key=str(files[5]))
        pool = ClusterPool(WorkerOptions(), made.address, security)

        found = graded(pool, 3)
        pool.close()

        assert found == expected(here, 3)
        assert pool.is_private
    finally:
        made.stop()


@pytest.fixture
def namespace():
    """Another host, as the network sees it: a namespace that is joined to this one by a cable of two ends."""
    ip = shutil.which("ip", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if ip is None or os.geteuid() != 0:
        pytest.skip("making a network namespace needs root and iproute2")
    name, ours, theirs = f"layerwise{os.getpid()}", f"lw{os.getpid()}a", f"lw{os.getpid()}b"
    commands = [
        f"netns add {name}",
        f"link add {ours} type veth peer name {theirs} netns {name}",
        f"addr add 10.213.77.1/30 dev {ours}",
        f"link set {ours} up",
        f"-n {name} addr add 10.213.77.2/30 dev {theirs}",
        f"-n {name} link set {theirs} up",
        f"-n {name} link set lo up",
    ]
    try:
        for command in commands:
            done = subprocess.run([ip, *command.split()], capture_output=True, text=True, check=False)
            if done.returncode:
                pytest.skip(f"a network namespace cannot be made here: {done.stderr.strip()}")
        yield ip, name
    finally:
        subprocess.run([ip, "netns", "del", name], capture_output=True, check=False)
        subprocess.run([ip, "link", "del", ours], capture_output=True, check=False)


def test_workers_in_another_network_namespace_find_the_same(namespace, here):
    ip, name = namespace
    made = Cluster(host="10.213.77.1")
    try:
        made.start_worker(before=(ip, "netns", "exec", name))
        pool = ClusterPool(WorkerOptions(), made.address)

        found = graded(pool, 6)
        pool.close()

        assert found == expected(here, 6)
        assert not pool.is_private
    finally:
        made.stop()
