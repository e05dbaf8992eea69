"""Layouts that people make by hand, and how they are told apart."""

from __future__ import annotations

import shutil
import subprocess
import time
from datetime import UTC, datetime

import pytest

from grader.classwork import Student
from grader.intake import IntakeError, find_handins, load_handin
from grader.submission import load_submission
from tests.on_disk import CODE, make_folder, make_zip, needs_links, paths

ANN = Student(id="1001", name="Ann Lee", email="ann.lee@example.edu", columns={"login": "annlee"})
BOB = Student(id="1002", name="Bob Ray", email="bob@example.edu", columns={"login": "bob"})
AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
EARLIER = datetime(2026, 11, 19, 12, tzinfo=UTC)

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="no git here to make clones with")


def find(root, tmp_path, **options):
    return find_handins(root, scratch=tmp_path / "scratch", **options)


def students(intake) -> list[str]:
    return [handin.student for handin in intake.handins]


@pytest.mark.parametrize(
    ("files", "layout", "expected"),
    [
        ({"ann/batchnorm.py": CODE, "bob/a/b.py": CODE, "readme.txt": b""}, "folders", ["ann", "bob"]),
        ({"ann.zip": b"", "bob.zip": b"", "roster.csv": b""}, "zips", ["ann", "bob"]),
        ({"ann.py": CODE, "bob.py": CODE}, "files", ["ann", "bob"]),
        ({"ann.ipynb": b"{}", "bob.ipynb": b"{}"}, "files", ["ann", "bob"]),
        ({"ann/.git/HEAD": b"", "bob/.git/HEAD": b""}, "git", ["ann", "bob"]),
        ({"ann/.git/HEAD": b"", "bob/b.py": CODE}, "folders", ["ann", "bob"]),
    ],
)
def test_a_layout_is_recognised_and_its_reason_given(tmp_path, files, layout, expected):
    intake = find(make_folder(tmp_path / "in", files), tmp_path)

    assert (intake.layout, students(intake)) == (layout, expected)
    assert "2" in intake.reason
    assert [student.id for student in intake.students] == expected


@pytest.mark.parametrize("names", [("ann/a.py", "bob.zip"), ("ann.py", "bob.zip"), ("ann.py", "bob/b.py")])
def test_a_mixture_is_refused_and_the_option_named(tmp_path, names):
    with pytest.raises(IntakeError, match="not clear how the submissions are laid out") as caught:
        find(make_folder(tmp_path / "in", dict.fromkeys(names, CODE)), tmp_path)

    assert "--layout" in caught.value.remedy


def test_the_layout_folders_takes_zips_beside_them_where_it_is_asked_for(tmp_path):
    root = make_folder(tmp_path / "in", {"ann/a.py": CODE, "bob.zip": b"", "stray.py": CODE})

    intake = find(root, tmp_path, layout="folders")

    assert students(intake) == ["ann", "bob"]
    assert [problem.path for problem in intake.problems] == ["stray.py"]


@pytest.mark.parametrize("layout", ["canvas", "moodle", "gradescope", "git", "zips"])
def test_a_layout_that_finds_nothing_is_an_error(tmp_path, layout):
    with pytest.raises(IntakeError):
        find(make_folder(tmp_path / "in", {"ann.py": CODE}), tmp_path, layout=layout)


@pytest.mark.parametrize("name", ["nowhere", "file.txt", "broken.zip", "\0"])
def test_what_is_no_folder_and_no_zip_is_refused(tmp_path, name):
    (tmp_path / "file.txt").write_bytes(b"")
    (tmp_path / "broken.zip").write_bytes(b"PK not really")

    with pytest.raises(IntakeError):
        find(tmp_path / name, tmp_path)


def test_an_unknown_layout_is_refused_with_the_known_ones(tmp_path):
    with pytest.raises(IntakeError, match="no layout") as caught:
        find(tmp_path, tmp_path, layout="blackboard")

    assert "gradescope" in caught.value.remedy


def test_a_class_zip_of_student_zips_is_opened_once(tmp_path):
    inner = make_zip(tmp_path / "ann.zip", {"hw/batchnorm.py": CODE})
    outer = make_zip(tmp_path / "class.zip", {"class/ann.zip": inner.read_bytes(), "class/bob.zip": inner.read_bytes()})

    intake = find(outer, tmp_path)

    assert (intake.layout, students(intake)) == ("zips", ["ann", "bob"])
    assert paths(load_handin(intake.handins[0])) == ["batchnorm.py"]


def test_the_folder_of_a_class_of_one_is_not_opened(tmp_path):
    root = make_folder(tmp_path / "in", {"ann/week1/a.py": CODE, "ann/week2/b.py": CODE})

    assert students(find(root, tmp_path)) == ["ann"]


# ------------------------------------------------------------------------------------------------------------------------- roster


NAMES_OF_ANN = ["1001", "annlee", "ANNLEE", "ann.lee@example.edu", "ann.lee", "Ann Lee", "Lee, Ann", "lee_ann", "hw1-annlee", "1001_end"]


@pytest.mark.parametrize("name", NAMES_OF_ANN)
def test_a_folder_is_matched_by_whatever_it_is_named_after(tmp_path, name):
    root = make_folder(tmp_path / "in", {f"{name}/a.py": CODE})

    intake = find(root, tmp_path, roster=(ANN, BOB))

    assert students(intake) == ["1001"]
    assert intake.missing == (BOB,)
    assert intake.problems == ()


def test_a_work_of_nobody_is_kept_and_said(tmp_path):
    root = make_folder(tmp_path / "in", {"1001/a.py": CODE, "stranger/a.py": CODE})

    intake = find(root, tmp_path, roster=(ANN,))

    assert students(intake) == ["1001", "stranger"]
    assert [student.id for student in intake.students] == ["1001", "stranger"]
    assert "belongs to nobody on the roster" in intake.problems[0].message


def test_a_name_that_two_students_have_is_given_to_neither(tmp_path):
    root = make_folder(tmp_path / "in", {"Ann Lee/a.py": CODE})
    twins = (ANN, Student(id="1003", name="Lee, Ann"))

    intake = find(root, tmp_path, roster=twins)

    assert students(intake) == ["Ann Lee"]
    assert "matches 2 students on the roster (1001, 1003)" in intake.problems[0].message
    assert intake.missing == twins


def test_a_folder_that_names_two_students_is_given_to_neither(tmp_path):
    intake = find(make_folder(tmp_path / "in", {"annlee-bob/a.py": CODE}), tmp_path, roster=(ANN, BOB))

    assert students(intake) == ["annlee-bob"]
    assert "matches 2 students" in intake.problems[0].message


def test_a_login_with_a_hyphen_is_not_also_its_parts(tmp_path):
    roster = (Student(id="ann-lee"), Student(id="ann"))

    assert students(find(make_folder(tmp_path / "in", {"hw1-ann-lee/a.py": CODE}), tmp_path, roster=roster)) == ["ann-lee"]


def test_single_files_of_one_student_are_handed_in_together(tmp_path):
    root = make_folder(tmp_path / "in", {"annlee_batchnorm.py": CODE, "annlee_dropout.py": CODE, "bob.py": CODE})

    ann, bob = find(root, tmp_path, roster=(ANN, BOB)).handins

    assert [part.name for part in ann.parts] == ["batchnorm.py", "dropout.py"]
    assert [part.name for part in bob.parts] == ["bob.py"]


# ----------------------------------------------------------------------------------------------------------------- times, attempts


def test_attempts_are_numbered_by_time_where_all_have_one(tmp_path):
    root = make_folder(tmp_path / "in", {"annlee-a/a.py": CODE, "annlee-b/a.py": CODE})

    first, second = find(root, tmp_path, roster=(ANN,), times={"annlee-a": AT, "annlee-b": EARLIER}).handins

    assert [(one.source, one.attempt) for one in (first, second)] == [("annlee-b", 1), ("annlee-a", 2)]


def test_attempts_without_times_keep_the_order_of_their_names(tmp_path):
    root = make_folder(tmp_path / "in", {"annlee-1/a.py": CODE, "annlee-2/a.py": CODE})

    assert [one.source for one in find(root, tmp_path, roster=(ANN,)).handins] == ["annlee-1", "annlee-2"]


def test_a_time_is_given_by_anything_that_a_student_is_known_by(tmp_path):
    root = make_folder(tmp_path / "in", {"1001/a.py": CODE})

    intake = find(root, tmp_path, roster=(ANN, BOB), times={"ann.lee@example.edu": AT, "bob": AT, "nobody": AT})

    assert intake.handins[0].submitted_at == AT
    # Bob has handed nothing in, which is no mistake in the list.
    assert [problem.message for problem in intake.problems] == ["has no work for 1 of the times that were given (nobody)"]


def test_modification_times_are_never_taken_for_times_of_submission(tmp_path):
    assert find(make_folder(tmp_path / "in", {"ann/a.py": CODE}), tmp_path).handins[0].submitted_at is None


# ------------------------------------------------------------------------------------------------------------------------- clones


def git(folder, *arguments, date="2026-11-20T12:00:00+02:00"):
    environment = {"GIT_COMMITTER_DATE": date, "GIT_AUTHOR_DATE": "2001-01-01T00:00:00Z", "HOME": str(folder), "PATH": "/usr/bin:/bin"}
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.edu", "-c", "init.defaultBranch=main")
    subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True, env=environment)


def make_repository(folder, commits=1):
    make_folder(folder, {"batchnorm.py": CODE})
    git(folder, "init")
    for number in range(commits):
        (folder / "batchnorm.py").write_text(f"x = {number}\n")
        git(folder, "add", ".")
        git(folder, "commit", "-m", f"{number} > 5\n\ncommitter A <a> 1 +0000")
    return folder


@needs_git
@pytest.mark.parametrize("packed", [False, True])
def test_a_clone_was_handed_in_when_its_last_commit_was_made(tmp_path, packed):
    repository = make_repository(tmp_path / "in" / "ann", commits=3)
    if packed:
        git(repository, "gc")

    (handin,) = find(tmp_path / "in", tmp_path).handins

    # Noon at +02:00.
    assert handin.submitted_at == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert paths(load_handin(handin)) == ["batchnorm.py"]


@needs_git
def test_a_commit_that_is_stored_as_a_difference_is_read(tmp_path):
    repository = make_repository(tmp_path / "in" / "ann", commits=1)
    for number in range(30):
        git(repository, "commit", "--allow-empty", "-m", "the same long message again and again " * 40 + str(number))
    git(repository, "repack", "-adf", "--depth=50", "--window=50")
    verify = ["git", "-C", str(repository), "verify-pack", "-v", *map(str, repository.glob(".git/objects/pack/*.idx"))]
    shown = subprocess.run(verify, capture_output=True, text=True, check=True)
    deltas = [line for line in shown.stdout.splitlines() if " commit " in line and len(line.split()) == 7]
    assert deltas, "git has packed no commit as a difference, so this shows nothing"

    for line in deltas:
        (repository / ".git" / "HEAD").write_text(line.split()[0])
        assert find(tmp_path / "in", tmp_path).handins[0].submitted_at == datetime(2026, 11, 20, 10, tzinfo=UTC)


@needs_git
def test_nothing_of_a_clones_configuration_is_run(tmp_path):
    repository = make_repository(tmp_path / "in" / "ann")
    touch = f"touch {tmp_path / 'ran'}"
    keys = ("core.fsmonitor", "core.pager", "core.sshCommand", "gpg.program", "core.alternateRefsCommand", "diff.external")
    for key in keys:
        git(repository, "config", key, touch)
    git(repository, "config", "log.showSignature", "true")

    intake = find(tmp_path / "in", tmp_path)

    assert intake.handins[0].submitted_at is not None
    assert not (tmp_path / "ran").exists()


@needs_links
@pytest.mark.parametrize("link", [".git", ".git/objects", ".git/objects/pack", ".git/HEAD"])
@needs_git
def test_a_clone_with_a_link_in_it_has_no_time(tmp_path, link):
    other = make_repository(tmp_path / "other")
    git(other, "gc")
    clone = shutil.copytree(other, tmp_path / "in" / "ann")
    if (clone / link).is_dir():
        shutil.rmtree(clone / link)
    else:
        (clone / link).unlink()
    (clone / link).symlink_to(other / link)

    intake = find(tmp_path / "in", tmp_path, layout="git")

    assert intake.handins[0].submitted_at is None
    assert "--times" in intake.problems[0].message


@pytest.mark.parametrize(
    "head", [b"", b"ref: refs/heads/main", b"ref: ../../secret", b"ref: refs/../../secret", b"0" * 40, b"\xff", b"ref: HEAD"]
)
def test_a_broken_clone_is_kept_without_a_time(tmp_path, head):
    root = make_folder(tmp_path / "in", {"ann/.git/HEAD": head, "ann/a.py": CODE, "ann/secret": b"1" * 40})

    intake = find(root, tmp_path)

    assert intake.handins[0].submitted_at is None
    assert len(intake.problems) == 1


# --------------------------------------------------------------------------------------------------------------------------- speed


def test_ten_thousand_folders_are_listed_in_seconds(tmp_path):
    root = tmp_path / "in"
    root.mkdir()
    for number in range(10_000):
        (root / f"student{number:05}").mkdir()
    roster = tuple(Student(id=f"student{number:05}", name=f"Stu Dent{number}") for number in range(10_000))

    begun = time.perf_counter()
    intake = find(root, tmp_path, roster=roster)

    assert len(intake.handins) == 10_000
    # It takes about half a second on one core; ten are for a busy machine.
    assert time.perf_counter() - begun < 10


# ------------------------------------------------------------------------------------------------------------------------- loading


def test_a_folder_and_a_hand_in_of_it_have_the_same_digest(tmp_path):
    root = make_folder(tmp_path / "in", {"ann/a.py": CODE, "ann/b/c.py": b"y = 1\n"})

    assert load_handin(find(root, tmp_path).handins[0]).digest == load_submission(root / "ann").digest


def test_a_zip_in_a_students_folder_is_read(tmp_path):
    root = make_folder(tmp_path / "in", {"ann/notes.py": CODE})
    make_zip(root / "ann" / "work.zip", {"hw/batchnorm.py": CODE})

    submission = load_handin(find(root, tmp_path).handins[0])

    assert paths(submission) == ["batchnorm.py", "notes.py"]
    assert submission.name == "ann"


def test_a_file_that_lies_beside_its_zip_is_one_file(tmp_path):
    root = make_folder(tmp_path / "in", {"ann/batchnorm.py": CODE})
    make_zip(root / "ann" / "work.zip", {"batchnorm.py": CODE})

    submission = load_handin(find(root, tmp_path).handins[0])

    assert (paths(submission), submission.problems) == (["batchnorm.py"], ())


def test_of_two_files_of_one_name_that_differ_none_is_read(tmp_path):
    root = make_folder(tmp_path / "in", {"ann/batchnorm.py": CODE})
    make_zip(root / "ann" / "work.zip", {"batchnorm.py": b"x = 2\n"})

    submission = load_handin(find(root, tmp_path).handins[0])

    assert submission.files == ()
    assert "more than once" in submission.problems[0].message


def test_a_broken_zip_leaves_the_files_beside_it(tmp_path):
    root = make_folder(tmp_path / "in", {"ann/batchnorm.py": CODE, "ann/work.zip": b"PK"})

    submission = load_handin(find(root, tmp_path).handins[0])

    assert paths(submission) == ["batchnorm.py"]
    assert [problem.path for problem in submission.problems] == ["work.zip"]
    assert str(tmp_path) not in submission.problems[0].message


def test_all_parts_share_the_bounds(tmp_path):
    from grader.submission import Bounds

    root = make_folder(tmp_path / "in", {"ann/a.py": CODE})
    make_zip(root / "ann" / "one.zip", {"b.py": CODE})
    make_zip(root / "ann" / "two.zip", {"c.py": CODE})

    submission = load_handin(find(root, tmp_path).handins[0], bounds=Bounds(files=2))

    assert len(submission.files) == 2
    assert "2 files" in submission.problems[0].message
