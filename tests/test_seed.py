"""The secret seed of a course: made once, rotated on purpose, and complained about where others may read it."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from grader.catalog import load_course
from grader.cli import run
from grader.errors import CourseError
from grader.secrecy import exposure, would_be_committed, write_private
from grader.seeding import new_seed, old_seeds, seed_exposure

TINY = Path(__file__).parent / "courses" / "tiny"
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="no modes of files")


@pytest.fixture
def course(tmp_path) -> Path:
    """A course of one's own that keeps its seed in a file and has none yet; in no repository."""
    root = tmp_path / "course"
    shutil.copytree(TINY, root, ignore=shutil.ignore_patterns("__pycache__"))
    table = (root / "course.toml").read_text(encoding="utf-8")
    (root / "course.toml").write_text(table.replace("[seed]\n", '[seed]\nfile = "secret-seed.txt"\n'), encoding="utf-8")
    return root


@pytest.fixture
def repository(course) -> Path:
    """The same course in a git repository."""
    if shutil.which("git") is None:
        pytest.skip("no git here")
    git(course, "init", "-q")
    return course


def git(folder, *arguments):
    subprocess.run(["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@b.c", *arguments], check=True, capture_output=True)


def seed_of(root):
    return (root / "secret-seed.txt").read_text(encoding="ascii")


# ------------------------------------------------------------------------------------------------------------------ a new seed


def test_a_new_seed_is_32_random_bytes_and_the_course_takes_it(course):
    before = load_course(course).mark

    new_seed(course)

    after = load_course(course)
    assert re.fullmatch(r"[0-9a-f]{64}\n", seed_of(course))
    assert (before.seed, after.mark.seed) == ("public", "secret")
    assert after.seed == seed_of(course).strip().encode()
    assert before.seed_fingerprint != after.mark.seed_fingerprint


def test_two_seeds_are_two(course):
    new_seed(course)
    first = seed_of(course)

    new_seed(course, rotate=True)

    assert seed_of(course) != first


@POSIX
def test_a_seed_is_for_its_owners_eyes_whatever_the_umask(course):
    before = os.umask(0)
    try:
        new_seed(course)
        kept = new_seed(course, rotate=True).kept
    finally:
        os.umask(before)

    assert [stat.S_IMODE(path.stat().st_mode) for path in (course / "secret-seed.txt", kept)] == [0o600, 0o600]


def test_a_seed_that_is_there_is_never_replaced_unasked(course):
    (course / "secret-seed.txt").write_text("mine, of twenty bytes")

    with pytest.raises(CourseError, match="already exists") as caught:
        new_seed(course)

    assert "--rotate" in caught.value.remedy
    assert seed_of(course) == "mine, of twenty bytes"


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege")
def test_a_link_in_the_place_of_the_seed_is_not_followed(course, tmp_path):
    (course / "secret-seed.txt").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(CourseError):
        new_seed(course)

    assert not (tmp_path / "elsewhere").exists()


def test_rotating_keeps_the_old_seed_beside_the_new_one_with_the_date(course):
    new_seed(course)
    first = seed_of(course)

    made = new_seed(course, rotate=True, today="2027-02-01")

    assert made.kept == course / "secret-seed-2027-02-01.txt"
    assert made.kept.read_text(encoding="ascii") == first


def test_rotating_twice_on_one_day_loses_no_seed(course):
    new_seed(course)
    seeds = [seed_of(course)]

    for _ in range(2):
        new_seed(course, rotate=True, today="2027-02-01")
        seeds.append(seed_of(course))

    kept = old_seeds(course / "secret-seed.txt")
    assert [path.name for path in kept] == ["secret-seed-2027-02-01-2.txt", "secret-seed-2027-02-01.txt"]
    assert {path.read_text(encoding="ascii") for path in kept} == set(seeds[:2])


def test_rotating_where_there_is_none_makes_one(course):
    assert new_seed(course, rotate=True).kept is None


def test_a_rotation_that_fails_leaves_the_old_seed_in_force(course, monkeypatch):
    new_seed(course)
    first = seed_of(course)

    def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(CourseError, match="No space left on device"):
        new_seed(course, rotate=True)

    assert seed_of(course) == first
    assert list(course.glob(".secret*")) == []


def test_a_course_whose_table_names_no_file_says_what_to_write(tmp_path):
    shutil.copytree(TINY, tmp_path / "course")

    with pytest.raises(CourseError, match="names no file") as caught:
        new_seed(tmp_path / "course")

    assert 'file = "secret-seed.txt"' in caught.value.remedy


# ------------------------------------------------------------------------------------------------------- who else may read it


@POSIX
@pytest.mark.parametrize(("mode", "safe"), [(0o600, True), (0o400, True), (0o640, False), (0o604, False), (0o644, False), (0o620, False)])
def test_a_seed_that_others_may_read_is_complained_about(mode, safe, course):
    new_seed(course)
    (course / "secret-seed.txt").chmod(mode)

    said = seed_exposure(course)

    assert (said == "") == safe
    assert safe or "other users of this machine can read it; run `chmod 600" in said


def test_a_seed_that_git_would_take_is_complained_about(repository):
    new_seed(repository)

    said = seed_exposure(repository)

    assert "git would add it to the repository; add `secret-seed.txt` to .gitignore" in said


@pytest.mark.parametrize("pattern", ["secret-seed.txt", "/secret-seed.txt", "*.txt", "secret-*"])
def test_an_ignored_seed_is_safe(pattern, repository):
    new_seed(repository)
    (repository / ".gitignore").write_text(f"{pattern}\n")

    assert seed_exposure(repository) == ""


def test_a_seed_that_git_has_already_is_complained_about_although_it_is_ignored(repository):
    new_seed(repository)
    git(repository, "add", "-f", "secret-seed.txt")
    (repository / ".gitignore").write_text("secret-seed.txt\n")

    assert "make a new one if it was ever committed" in seed_exposure(repository)


def test_an_old_seed_is_looked_at_too(repository):
    (repository / ".gitignore").write_text("secret-seed.txt\n")
    new_seed(repository)
    new_seed(repository, rotate=True, today="2027-02-01")

    assert "secret-seed-2027-02-01.txt is not safe" in seed_exposure(repository)


@POSIX
def test_both_complaints_are_one_sentence(repository):
    new_seed(repository)
    (repository / "secret-seed.txt").chmod(0o644)

    said = seed_exposure(repository)

    assert said.endswith(".")
    assert said.count("other users") == said.count("git would add") == 1
    assert "\n" not in said


def test_a_repository_above_the_course_counts_too(repository):
    write_private(repository / "exercises" / "deep.key", "secret")

    assert would_be_committed(repository / "exercises" / "deep.key")


def test_the_repository_of_a_hook_is_not_mistaken_for_that_of_the_seed(repository, tmp_path, monkeypatch):
    new_seed(repository)
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))

    assert would_be_committed(repository / "secret-seed.txt")


@pytest.mark.parametrize(("line", "safe"), [("secret-seed.txt", True), ("*.txt", True), ("# nothing", False)])
def test_without_git_the_ignore_file_is_read(line, safe, repository, monkeypatch):
    new_seed(repository)
    (repository / ".gitignore").write_text(f"{line}\n")
    monkeypatch.setenv("PATH", "")

    assert would_be_committed(repository / "secret-seed.txt") != safe


def test_outside_of_a_repository_nothing_is_said(course):
    new_seed(course)

    assert exposure(course / "secret-seed.txt") == ""


# ---------------------------------------------------------------------------------------------------------------- the command


def test_the_command_never_shows_the_seed(course, capsys):
    for arguments in (["new"], ["new"], ["new", "--rotate"], ["show"]):
        run(["seed", *arguments, "--course", str(course)])

    told = capsys.readouterr()
    seeds = [path.read_text(encoding="ascii").strip() for path in course.glob("secret-seed*.txt")]
    assert len(seeds) == 2
    assert [seed for seed in seeds if seed in told.out + told.err] == []
    assert load_course(course).mark.seed_fingerprint in told.out


def test_the_command_says_that_results_will_be_graded_again(course, capsys):
    run(["seed", "new", "--course", str(course)])
    first = capsys.readouterr().out

    code = run(["seed", "new", "--rotate", "--course", str(course)])

    assert code == 0
    assert "graded again" in capsys.readouterr().out
    assert "graded again" not in first


def test_a_second_new_seed_is_refused_by_exit_code_5(course, capsys):
    run(["seed", "new", "--course", str(course)])

    assert run(["seed", "new", "--course", str(course)]) == 5
    assert "--rotate" in capsys.readouterr().err


def test_a_grading_says_once_that_the_seed_lies_open(repository, tmp_path):
    new_seed(repository)
    (tmp_path / "ada").mkdir()
    shutil.copy(TINY / "reference" / "power.py", tmp_path / "ada")

    # In a process of its own: a grading with a secret seed shields the memory of its process for good.
    command = [sys.executable, "-m", "grader", "check", "ada", "--course", str(repository)]
    ended = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(TINY.parents[2])}, capture_output=True, text=True, check=False
    )

    assert ended.returncode == 0
    assert ended.stderr.count("is not safe") == 1


def test_a_seed_that_is_too_short_is_refused_without_being_shown(course):
    (course / "secret-seed.txt").write_text("Zq7Marker")

    with pytest.raises(CourseError, match="has 9 bytes") as caught:
        load_course(course)

    assert "Zq7Marker" not in f"{caught.value}{caught.value.remedy}"
