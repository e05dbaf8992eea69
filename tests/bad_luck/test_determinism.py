"""The same class gives the same bytes: graded again, by one worker or two, in a process or a container, on a cluster."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from benchmarks.classes import MIX, Maker
from grader.catalog import load_course
from tests.bad_luck.runs import grade, linux, shown

pytestmark = linux
STUDENTS = 24
MODULES = ("dropout", "losses")


@pytest.fixture(scope="module")
def class_(tmp_path_factory):
    """Twenty-four works of two modules: right, wrong, unfinished, crashing and endless ones."""
    folder = tmp_path_factory.mktemp("class")
    made = Maker(load_course(), list(MODULES), seed=10).write_class(folder, STUDENTS, {**MIX, "crashing": 15, "endless": 8})
    assert len(set(made.values())) == 5
    return folder


def graded(class_, results, *more, **options):
    done = grade("batch", class_, *MODULES, "--out", results, "--call-limit", "1", *more, timeout=200, **options)
    assert done.returncode == 0, done.stderr
    return shown(results)


@pytest.fixture(scope="module")
def once(class_, tmp_path_factory):
    found = graded(class_, tmp_path_factory.mktemp("once"), "--jobs", "1")
    assert len(found) == 1 + 2 * STUDENTS
    return found


def test_graded_again_by_two_workers_every_byte_is_the_same(class_, once, tmp_path):
    # From another folder and with another seed of hashes besides, on neither of which anything may hang.
    copied = shutil.copytree(class_, tmp_path / "another place")

    assert graded(copied, tmp_path / "results", "--jobs", "2", env={"PYTHONHASHSEED": "77"}) == once


@pytest.mark.docker
def test_graded_in_containers_every_byte_is_the_same(class_, once, tmp_path):
    if shutil.which("docker") is None:
        pytest.skip("there is no docker here")
    if subprocess.run(["docker", "image", "inspect", "layerwise-sandbox:local"], capture_output=True, check=False).returncode:
        pytest.skip("no Docker engine answers, or it has no image layerwise-sandbox:local")

    assert graded(class_, tmp_path, "--jobs", "2", "--sandbox", "docker") == once


def test_graded_on_a_cluster_every_byte_is_the_same(class_, once, tmp_path):
    pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    from tests.batch.test_cluster import Cluster

    cluster = Cluster()
    try:
        cluster.start_worker()
        cluster.start_worker()

        assert graded(class_, tmp_path, "--dask", cluster.address) == once
    finally:
        cluster.stop()
