"""A stub is put back, and whatever was there is kept under a name that was free."""

from __future__ import annotations

import json
import os

import pytest

from grader.cli import run
from tests.loop import RIGHT, STUB, make_work, other
from tests.on_disk import needs_links


@pytest.fixture
def reset(two_exercises, capsys):
    def call(name, code=0):
        assert run(["reset", name, "--course", str(two_exercises)]) == code
        return capsys.readouterr()

    return call


def contents(folder):
    return {path.name: path.read_text() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize("name", ["power", "power.py", "./power.py"])
def test_the_stub_is_back_and_the_old_file_is_kept(work, reset, name):
    make_work(work, power="my work\n")

    reset(name)

    assert contents(work) == {"power.py": STUB, "power.py.old": "my work\n"}


def test_every_reset_keeps_under_another_name(work, reset):
    for text in ("first", "second", "third"):
        make_work(work, power=text)
        reset("power")

    assert contents(work) == {"power.py": STUB, "power.py.old": "first", "power.py.old2": "second", "power.py.old3": "third"}


def test_a_stub_that_is_untouched_stays(work, reset):
    make_work(work, power=STUB)

    assert "is still the stub" in reset("power").out
    assert contents(work) == {"power.py": STUB}


def test_where_there_is_no_file_the_stub_is_written(work, reset):
    reset("power")

    assert contents(work) == {"power.py": STUB}


def test_a_file_that_is_no_python_is_kept_byte_by_byte(work, reset):
    (work / "power.py").write_bytes(b"\xff\x00\r\n")

    reset("power")

    assert (work / "power.py.old").read_bytes() == b"\xff\x00\r\n"


def test_a_file_of_several_exercises_is_left_alone_with_a_sentence(work, reset):
    (work / "hw1").mkdir()
    both = RIGHT + "\n\n" + other(RIGHT)
    (work / "hw1" / "powers.py").write_text(both)

    captured = reset("power", code=4)

    assert "also holds the work of root, which would be lost" in captured.err
    assert contents(work / "hw1") == {"powers.py": both}


def test_a_file_elsewhere_in_the_layout_is_reset_where_it_is(work, reset):
    (work / "hw1").mkdir()
    (work / "hw1" / "powers.py").write_text(RIGHT)

    reset("power")

    assert contents(work / "hw1") == {"powers.py": STUB, "powers.py.old": RIGHT}


def test_the_work_of_somebody_in_a_folder_below_is_not_touched(work, reset):
    make_work(work / "alice", power=RIGHT)

    assert "is not in the current folder" in reset("power", code=4).err
    assert contents(work / "alice") == {"power.py": RIGHT}


@needs_links
def test_a_link_is_moved_aside_and_what_it_leads_to_stays(work, reset, tmp_path):
    (tmp_path / "target.py").write_text("mine")
    (work / "power.py").symlink_to(tmp_path / "target.py")

    reset("power")

    assert (tmp_path / "target.py").read_text() == "mine"
    assert (work / "power.py.old").is_symlink()
    assert not (work / "power.py").is_symlink()


def test_what_somebody_saves_in_the_same_moment_is_not_overwritten(work, reset, monkeypatch):
    make_work(work, power="my work")
    link = os.link

    def save_first(source, target):
        (work / "power.py").write_text("saved just now")
        link(source, target)

    monkeypatch.setattr(os, "link", save_first)

    assert "changed by another program just now" in reset("power", code=4).err
    assert contents(work) == {"power.py": "saved just now", "power.py.old": "my work"}


def test_where_there_are_no_links_the_stub_is_written_all_the_same(work, reset, monkeypatch):
    make_work(work, power="my work")

    def refuse(_source, _target):
        raise PermissionError("this file system has no links")

    monkeypatch.setattr(os, "link", refuse)
    reset("power")

    assert contents(work) == {"power.py": STUB, "power.py.old": "my work"}


def test_the_exercise_is_forgotten_so_that_it_can_be_completed_anew(work, reset, two_exercises, capsys):
    make_work(work, power=RIGHT, root=other(RIGHT))
    run(["check", "--course", str(two_exercises)])

    reset("power")

    remembered = json.loads((work / ".layerwise" / "progress.json").read_text())["courses"]["tiny"]
    assert remembered["explained"] == ["root"]
    assert set(remembered["green"]) == {"root.root_forward", "root.root_backward"}


def test_an_unknown_exercise_is_met_with_the_nearest_one(work, reset):
    assert "did you mean power?" in reset("powr", code=2).err
    assert list(work.iterdir()) == []
