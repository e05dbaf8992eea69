"""Hostile trees and archives: no name leads anywhere, nothing is overwritten, and nobody's work is taken for another's."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.errors import SubmissionError
from grader.intake import LAYOUTS, IntakeError, find_handins, load_handin, safe_id
from grader.intake.archive import ClassBounds, unpack_class
from grader.safe_text import safe_text
from tests.on_disk import CODE, entry_of_kind, make_folder, make_zip, needs_links, needs_linux, needs_pipes, paths

SECRET = "secret_of_somebody_else = 1\n"


def find(root, tmp_path, **options):
    return find_handins(root, scratch=tmp_path / "scratch", **options)


# --------------------------------------------------------------------------------------------------------------------------- names


@pytest.mark.parametrize("plain", ["ann", "0012", "ann_lee-2", "a.b", "x" * 60])
def test_an_id_that_any_disk_takes_is_its_own_stem(plain):
    assert safe_id(plain) == plain


ODD_IDS = ["", ".", "..", "../x", "/etc/x", "A", "a b", "con", "nul.txt", "a.", "-a", "~", "a~b", "é", "\ud800", "\0", "\u202e", "x" * 300]


@pytest.mark.parametrize("odd", ODD_IDS)
def test_any_other_id_gets_a_stem_that_every_disk_takes(odd):
    stem = safe_id(odd)

    assert stem != odd
    assert all(one in "abcdefghijklmnopqrstuvwxyz0123456789-~" for one in stem)
    assert 0 < len(stem) < 100


@given(st.sets(st.text(), min_size=2, max_size=20))
def test_two_ids_never_have_one_stem(ids):
    assert len({safe_id(one).casefold() for one in ids}) == len(ids)


@needs_linux
def test_students_whose_names_look_alike_stay_two(tmp_path):
    root = make_folder(tmp_path / "in", {"Ann/a.py": CODE, "ann/a.py": CODE})

    intake = find(root, tmp_path)

    assert [handin.student for handin in intake.handins] == ["Ann", "ann"]
    assert len(intake.problems) == 2
    assert "looks like another student's id" in intake.problems[0].message


@needs_linux
@pytest.mark.parametrize("name", ["a\x1b[2Jb", "a\nb", "a\u202eb", "\udcff", "x" * 200])
def test_a_name_that_cannot_be_shown_is_kept_in_a_form_that_can(tmp_path, name):
    (tmp_path / "in").mkdir()
    os.mkdir(os.path.join(tmp_path, "in", name))
    Path(tmp_path, "in", name, "a.py").write_bytes(CODE)

    (handin,) = find(tmp_path / "in", tmp_path).handins

    assert safe_text(handin.student) == handin.student
    assert len(handin.student) < 140
    assert handin.source == handin.student
    assert paths(load_handin(handin)) == ["a.py"]


# --------------------------------------------------------------------------------------------------------------------------- links


@needs_links
def test_a_link_among_the_works_is_not_followed(tmp_path):
    other = make_folder(tmp_path / "other", {"a.py": SECRET.encode()})
    root = make_folder(tmp_path / "in", {"ann/a.py": CODE})
    (root / "bob").symlink_to(other)

    intake = find(root, tmp_path)

    assert [handin.student for handin in intake.handins] == ["ann"]
    assert "symbolic link" in intake.problems[0].message


@needs_links
@pytest.mark.parametrize("name", ["work.zip", "b.py", "folder"])
def test_a_link_within_a_work_is_not_followed(tmp_path, name):
    other = make_folder(tmp_path / "other", {"b.py": SECRET.encode()})
    archive = make_zip(tmp_path / "other.zip", {"b.py": SECRET.encode()})
    root = make_folder(tmp_path / "in", {"ann/a.py": CODE})
    (root / "ann" / name).symlink_to({"work.zip": archive, "b.py": other / "b.py", "folder": other}[name])

    assert paths(load_handin(find(root, tmp_path).handins[0])) == ["a.py"]


@needs_links
def test_a_part_that_has_become_a_link_is_refused(tmp_path):
    root = make_folder(tmp_path / "in", {"ann/a.py": CODE})
    (handin,) = find(root, tmp_path).handins
    (root / "ann").rename(tmp_path / "moved")
    (root / "ann").symlink_to(tmp_path / "moved")

    with pytest.raises(SubmissionError, match="symbolic link"):
        load_handin(handin)


@needs_pipes
def test_a_pipe_among_the_works_is_not_waited_for(tmp_path):
    root = make_folder(tmp_path / "in", {"ann.py": CODE})
    os.mkfifo(root / "bob.py")

    assert [handin.student for handin in find(root, tmp_path).handins] == ["ann"]


# ------------------------------------------------------------------------------------------------------------------ class archives


def everything_below(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", ["../evil.py", "ann/../../evil.py", "/etc/evil.py", "C:/evil.py", "..\\evil.py"])
def test_an_entry_that_leads_out_of_a_class_archive_is_a_problem(tmp_path, name):
    archive = make_zip(tmp_path / "class.zip", {name: CODE, "ann/a.py": CODE, "bob/a.py": CODE})

    intake = find(archive, tmp_path)

    assert [handin.student for handin in intake.handins] == ["ann", "bob"]
    assert "leads out" in intake.problems[0].message
    assert not list(tmp_path.rglob("evil.py"))


@pytest.mark.parametrize("name", ["a\x1b[2Jb", "x" * 300, "ab:c", "a|b", "con?", "a\\b", "dot.", "名" * 120])
def test_a_name_that_a_disk_may_not_take_is_changed_and_the_work_kept(tmp_path, name):
    archive = make_zip(tmp_path / "class.zip", {f"{name}/a.py": CODE, f"{name}2/a.py": b"y = 2\n"})

    first, second = find(archive, tmp_path).handins

    assert {load_handin(first).files[0].text, load_handin(second).files[0].text} == {"x = 1\n", "y = 2\n"}


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
def test_of_two_entries_of_one_name_the_first_is_unpacked(tmp_path):
    archive = make_zip(tmp_path / "class.zip", [("ann/a.py", CODE), ("ann/a.py", b"y"), ("ann/a.py/b.py", b"z"), ("bob/a.py", CODE)])

    intake = find(archive, tmp_path)

    assert load_handin(intake.handins[0]).files[0].text == "x = 1\n"
    assert len(intake.problems) == 2


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO])
def test_an_entry_of_a_class_archive_that_is_no_file_is_not_made(tmp_path, kind):
    archive = make_zip(tmp_path / "class.zip", [(entry_of_kind("ann/a.py", kind), b"/etc/passwd"), ("ann/b.py", CODE), ("bob/a.py", CODE)])

    assert [file.text for file in load_handin(find(archive, tmp_path).handins[0]).files if file.path == "b.py"] == ["x = 1\n"]
    assert not any(path.is_symlink() or path.is_fifo() for path in (tmp_path / "scratch").rglob("*"))
    assert "root:" not in "".join(path.read_text() for path in (tmp_path / "scratch").rglob("a.py"))


def test_only_what_may_be_code_is_unpacked(tmp_path):
    left_out = {"ann/.git/hooks/post-checkout": b"#!", "ann/.git/config": b"[core]", "__MACOSX/ann/._a.py": b"x", "ann/.env": b"x"}
    content = {"ann/a.py": CODE, "ann/plot.png": b"x" * 1000, "ann/.git/HEAD": b"r"} | left_out

    folder, problems = unpack_class(make_zip(tmp_path / "class.zip", content), tmp_path / "scratch")

    assert everything_below(folder) == {"ann/a.py", "ann/plot.png", "ann/.git/HEAD"}
    assert (folder / "ann" / "plot.png").stat().st_size == 0
    assert problems == []


def test_a_student_who_hands_in_no_code_has_handed_something_in(tmp_path):
    intake = find(make_zip(tmp_path / "class.zip", {"ann/report.pdf": b"%PDF", "bob/a.py": CODE}), tmp_path)

    assert [handin.student for handin in intake.handins] == ["ann", "bob"]
    assert load_handin(intake.handins[0]).files == ()


@pytest.mark.parametrize(
    ("bounds", "sentence"),
    [(ClassBounds(entries=1), "has 2 entries"), (ClassBounds(total_bytes=1000), "unpacks to more than")],
)
def test_a_class_archive_beyond_its_bounds_is_refused_and_leaves_nothing(tmp_path, bounds, sentence):
    archive = make_zip(tmp_path / "class.zip", {"ann/a.py": b"#" * 5000, "bob/a.py": CODE})

    with pytest.raises(IntakeError, match=sentence):
        unpack_class(archive, tmp_path / "scratch", bounds)

    assert everything_below(tmp_path / "scratch") == set()


def test_a_bomb_in_a_class_archive_is_cut_off_and_its_student_told(tmp_path):
    archive = make_zip(tmp_path / "class.zip", {"ann/a.py": b"#" * 400_000, "bob/a.py": CODE})

    folder, _ = unpack_class(archive, tmp_path / "scratch", ClassBounds(code_bytes=300_000))

    assert (folder / "ann" / "a.py").stat().st_size == 300_000
    assert "KiB and was not read" in load_handin(find(folder, tmp_path).handins[0]).problems[0].message


def test_a_zip_of_a_student_that_is_far_too_large_is_a_problem(tmp_path):
    archive = make_zip(tmp_path / "class.zip", {"ann.zip": b"#" * 400_000, "bob.zip": b""})

    folder, problems = unpack_class(archive, tmp_path / "scratch", ClassBounds(zip_bytes=300_000))

    assert everything_below(folder) == {"bob.zip"}
    assert "is larger than" in problems[0].message


def test_a_method_that_cannot_be_bounded_is_not_unpacked(tmp_path):
    archive = make_zip(tmp_path / "class.zip", {"ann/a.py": CODE, "bob/a.py": CODE}, zipfile.ZIP_LZMA)

    folder, problems = unpack_class(archive, tmp_path / "scratch")

    assert len(problems) == 2
    assert (folder / "ann" / "a.py").read_bytes() == b""


# ------------------------------------------------------------------------------------------------------------------------ any tree

PIECES = (
    *("ann", "Ann", ".git", "HEAD", "objects", "__MACOSX", "a.py", "a.ipynb", "a.zip", "pyvenv.cfg", "..", "\u202e", "x" * 250, "a\nb"),
    *("doejane_1_2_a.py", "doejane_LATE_1_3_a-1.py", "submission_metadata.yml", "submission_1"),
    *("A B_1_assignsubmission_file_", "A B_1_assignsubmission_file_x.py"),
)
NAMES = st.one_of(st.sampled_from(PIECES), st.text(st.characters(exclude_characters="/\0"), min_size=1, max_size=12))
METADATA = b"submission_1:\n  :submitters:\n  - :sid: 1\n"
BODIES = st.sampled_from([b"", CODE, b"PK", b"{}", b"ref: refs/heads/x", METADATA, b"a: [", b"\xff\0"])
TREES = st.dictionaries(st.lists(NAMES, min_size=1, max_size=4).map(tuple), BODIES | st.none(), max_size=12)


def plant(root: Path, tree: dict, outside: Path) -> None:
    """Make a tree; None stands for a link to what is not the student's. What a disk does not take is left out."""
    # The links last: nothing of the tree shall be written through one.
    for parts, body in sorted(tree.items(), key=lambda one: one[1] is None):
        path = Path(root, *(part for part in parts if part not in ("..", ".")))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if body is None:
                path.symlink_to(outside)
            else:
                path.write_bytes(body)
        except (OSError, ValueError):
            continue


def check(root: Path, scratch: Path, layout: str) -> None:
    said: list[str] = []
    try:
        handins = find_handins(root, layout=layout, scratch=scratch).handins
    except IntakeError as error:
        handins, said = (), [str(error)]
    for handin in handins:
        said += [handin.student, handin.source, *(part.name for part in handin.parts)]
        try:
            assert all(SECRET not in file.text for file in load_handin(handin).files)
        except SubmissionError as error:
            said.append(str(error))
    assert [text for text in said if safe_text(text) != text] == []


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tree=TREES, layout=st.sampled_from(["auto", *LAYOUTS]), zipped=st.booleans())
def test_no_tree_of_names_raises_anything_else_or_shows_what_is_outside(tree, layout, zipped):
    with tempfile.TemporaryDirectory() as place:
        base = Path(place)
        outside = make_folder(base / "outside", {"a.py": SECRET.encode(), "HEAD": b"1" * 40})
        before = everything_below(outside)
        (base / "in").mkdir()
        if zipped:
            with zipfile.ZipFile(base / "in.zip", "w") as archive:
                for parts, body in tree.items():
                    name = "/".join(parts).encode("utf-8", "replace").decode()
                    archive.writestr(name, body or b"") if name not in archive.namelist() else None
        else:
            plant(base / "in", tree, outside)

        check(base / ("in.zip" if zipped else "in"), base / "scratch", layout)

        assert everything_below(outside) == before
        assert {path.name for path in base.iterdir()} <= {"outside", "in", "in.zip", "scratch"}
