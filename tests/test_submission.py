"""Submissions are hostile and messy: each oddity gets one clear sentence, and the rest is graded."""

from __future__ import annotations

import io
import os
import stat
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.errors import SubmissionError
from grader.safe_text import safe_text
from grader.submission import load_submission
from tests.on_disk import CODE, entry_of_kind, load_text, make_folder, make_zip, needs_links, needs_permissions, paths

# -------------------------------------------------------------------------------------------------------------- what is read


def test_a_folder_gives_its_python_files_sorted_with_slashes(tmp_path):
    make_folder(tmp_path, {"b.py": b"b = 1\n", "sub/a.py": b"a = 1\n", "a.py": b"a = 2\n"})

    submission = load_submission(tmp_path)

    seen = [(file.path, file.text, file.size) for file in submission.files]
    assert seen == [("a.py", "a = 2\n", 6), ("b.py", "b = 1\n", 6), ("sub/a.py", "a = 1\n", 6)]
    assert submission.problems == ()


def test_the_hash_of_a_file_is_that_of_its_bytes(tmp_path):
    submission = load_text(tmp_path, b"abc")

    # FIPS 180-2, appendix B.1: the SHA-256 of "abc".
    assert submission.files[0].sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_single_file_is_a_submission(tmp_path):
    submission = load_text(tmp_path, CODE)

    assert (submission.name, paths(submission)) == ("work", ["work.py"])


def test_a_zip_is_read_without_being_unpacked(tmp_path):
    archive = make_zip(tmp_path / "alice.zip", {"layers.py": CODE, "sub/optim.py": CODE})

    submission = load_submission(archive)

    assert (submission.name, paths(submission)) == ("alice", ["layers.py", "sub/optim.py"])
    assert os.listdir(tmp_path) == ["alice.zip"]


def test_the_name_is_that_of_the_folder_even_if_it_is_named_by_a_dot(tmp_path, monkeypatch):
    monkeypatch.chdir(make_folder(tmp_path / "v1.2", {"a.py": CODE}))

    assert load_submission(Path(".")).name == "v1.2"


def test_a_given_name_is_shown_safely(tmp_path):
    assert load_submission(tmp_path, name="\x1b[2Jalice").name == "\\x1b[2Jalice"


@pytest.mark.parametrize(
    "path",
    [
        *(".git/a.py", ".venv/a.py", ".ipynb_checkpoints/a.py", "__MACOSX/a.py", "__pycache__/a.py", "lib/site-packages/a.py"),
        *(".a.py", "._a.py", "a.html", "a.pyc"),
    ],
)
def test_what_is_not_work_is_skipped_silently_in_folders_and_zips(tmp_path, path):
    files = {"work.py": CODE, path: CODE}

    found = load_submission(make_folder(tmp_path / "one", files))
    unzipped = load_submission(make_zip(tmp_path / "one.zip", files))

    assert (paths(found), found.problems) == (["work.py"], ())
    assert (paths(unzipped), unzipped.problems) == (["work.py"], ())


def test_a_virtual_environment_of_any_name_is_skipped(tmp_path):
    files = {"work.py": CODE, "deep/env/pyvenv.cfg": b"", "deep/env/lib/a.py": CODE}

    assert paths(load_submission(make_folder(tmp_path / "one", files))) == ["work.py"]
    assert paths(load_submission(make_zip(tmp_path / "one.zip", files))) == ["work.py"]


def test_work_beside_the_marker_of_an_environment_is_read_if_it_is_all_there_is(tmp_path):
    files = {"hw/pyvenv.cfg": b"", "hw/work.py": CODE}

    assert paths(load_submission(make_zip(tmp_path / "one.zip", files))) == ["work.py"]


def test_a_folder_without_python_files_is_an_empty_submission(tmp_path):
    submission = load_submission(make_folder(tmp_path, {"report.pdf": b"%PDF"}))

    assert (submission.files, submission.problems) == ((), ())


# ------------------------------------------------------------------------------------------------------------------- identity


def test_a_folder_and_a_zip_of_it_have_the_same_digest(tmp_path):
    files = {"layers.py": CODE, "sub/optim.py": b"y = 2\n", "numpy.py": CODE, "latin.py": b"# \xe4\n"}

    found = load_submission(make_folder(tmp_path / "one", files))
    unzipped = load_submission(make_zip(tmp_path / "two.zip", dict(reversed(files.items()))), name="three")

    assert found.digest == unzipped.digest
    assert found.problems == unzipped.problems


def test_the_digest_does_not_depend_on_times(tmp_path):
    make_folder(tmp_path, {"a.py": CODE})
    before = load_submission(tmp_path).digest
    os.utime(tmp_path / "a.py", (1, 1))

    assert load_submission(tmp_path).digest == before


@pytest.mark.parametrize(
    "files", [{"a.py": b"x = 2\n"}, {"b.py": CODE}, {"a.py": CODE, "b.py": b""}, {"sub/a.py": CODE}, {"a.py": b"x = 1\r\n"}, {}]
)
def test_the_digest_depends_on_every_path_and_byte(tmp_path, files):
    one = load_submission(make_folder(tmp_path / "one", {"a.py": CODE}))
    (tmp_path / "two").mkdir()

    assert load_submission(make_folder(tmp_path / "two", files)).digest != one.digest


# --------------------------------------------------------------------------------------------------- unreadable as a whole


@pytest.mark.parametrize("name", ["missing", "missing.py", "missing.zip", "work.py/inside", "nul\0.py"])
def test_nothing_there_is_an_error_with_a_remedy(tmp_path, name):
    (tmp_path / "work.py").write_bytes(CODE)

    with pytest.raises(SubmissionError) as caught:
        load_submission(tmp_path / name)

    assert caught.value.remedy
    assert safe_text(str(caught.value)) == str(caught.value)


@pytest.mark.parametrize("name", ["work.tar.gz", "work.rst", "work"])
def test_another_kind_of_file_is_an_error_that_says_what_can_be_read(tmp_path, name):
    (tmp_path / name).write_bytes(CODE)

    with pytest.raises(SubmissionError, match=r"is not a folder, a \.py file, a notebook or a \.zip"):
        load_submission(tmp_path / name)


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\x05\x06" + b"\0" * 17, b"PK\x05\x06" + b"\xff" * 18, b"not a zip" * 100])
def test_a_damaged_zip_is_an_error(tmp_path, data):
    (tmp_path / "one.zip").write_bytes(data)

    with pytest.raises(SubmissionError, match="is not a readable zip") as caught:
        load_submission(tmp_path / "one.zip")

    assert "Zip the folder again" in caught.value.remedy


@needs_permissions
@pytest.mark.parametrize("name", ["one", "one.py", "one.zip"])
def test_a_submission_without_permission_is_an_error(tmp_path, name):
    place = tmp_path / name
    place.mkdir() if name == "one" else place.write_bytes(CODE)
    place.chmod(0)

    try:
        with pytest.raises(SubmissionError, match="Permission denied"):
            load_submission(place)
    finally:
        place.chmod(0o700)


@needs_links
@pytest.mark.parametrize("name", ["one", "one.py", "one.zip"])
def test_a_submission_that_is_a_link_is_not_followed(tmp_path, name):
    target = tmp_path / "target"
    target.mkdir() if name == "one" else target.write_bytes(CODE)
    (tmp_path / name).symlink_to(target)

    with pytest.raises(SubmissionError, match="is a symbolic link"):
        load_submission(tmp_path / name)


@needs_links
def test_links_above_a_submission_are_the_business_of_whoever_names_it(tmp_path):
    make_folder(tmp_path / "real", {"alice/a.py": CODE})
    (tmp_path / "link").symlink_to(tmp_path / "real")

    assert paths(load_submission(tmp_path / "link" / "alice")) == ["a.py"]
    assert paths(load_submission(tmp_path / "link" / "alice" / "a.py")) == ["a.py"]


# ------------------------------------------------------------------------------------------------------------------- anything


def load_or_refuse(path: Path) -> None:
    """Load what is at `path` and check what must hold for any submission."""
    try:
        submission = load_submission(path)
    except SubmissionError as error:
        sentence, remedy = str(error), error.remedy
    else:
        check_loaded(submission)
        return
    assert remedy
    assert safe_text(sentence) == sentence


def check_loaded(submission) -> None:
    for problem in submission.problems:
        assert safe_text(problem.path) == problem.path
        assert safe_text(problem.message) == problem.message
    for file in submission.files:
        assert "\r" not in file.text
        assert "\0" not in file.text
        assert ".." not in file.path.split("/")
        file.text.encode()


OPENINGS = st.sampled_from([b"", b"# coding: gb18030\n", b"#coding:shift_jis\r", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf"])


@settings(deadline=None)
@given(st.tuples(OPENINGS, st.binary(max_size=100)).map(b"".join))
def test_any_bytes_are_text_or_a_problem(data):
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "work.py").write_bytes(data)

        load_or_refuse(Path(place) / "work.py")


PARTS = st.sampled_from(
    ["a", "..", ".", "", "C:", "a\\b", "a.py", "A.py", "numpy.py", "x.zip", ".git", "\x1b", "\u202e.py", "pyvenv.cfg", "层.py"]
)
NAMES = st.lists(PARTS, min_size=1, max_size=4).map("/".join)
KINDS = st.sampled_from([0, stat.S_IFREG, stat.S_IFLNK, stat.S_IFIFO])
METHODS = st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
ENTRIES = st.lists(st.tuples(NAMES, KINDS, METHODS, st.binary(max_size=40)), max_size=6)


def zipped(entries) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, kind, method, data in entries:
            entry = entry_of_kind(name, kind)
            entry.compress_type = method
            archive.writestr(entry, data)
    return buffer.getvalue()


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
@settings(max_examples=200, deadline=None)
@given(ENTRIES, st.lists(st.tuples(st.integers(min_value=0), st.integers(0, 255)), max_size=6))
def test_any_zip_is_a_submission_or_an_error_however_damaged(entries, damage):
    data = bytearray(zipped(entries))
    for position, value in damage:
        data[position % len(data)] = value
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "one.zip").write_bytes(data)

        load_or_refuse(Path(place) / "one.zip")
