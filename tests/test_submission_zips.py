"""Zips of any content: no path leads out, no bomb is unpacked, and no entry passes for another."""

from __future__ import annotations

import os
import stat
import struct
import zipfile

import pytest

from grader.errors import SubmissionError
from grader.submission import Bounds, load_submission
from tests.on_disk import CODE, entry_of_kind, make_folder, make_zip, only_problem, paths, problems


@pytest.mark.parametrize("name", ["../evil.py", "a/../../evil.py", "/etc/evil.py", "C:/evil.py", "c:evil.py", "..\\evil.py"])
def test_a_zip_path_that_leads_out_is_a_problem(tmp_path, name):
    submission = load_submission(make_zip(tmp_path / "one.zip", {name: CODE, "work.py": CODE}))

    assert paths(submission) == ["work.py"]
    assert problems(submission) == {name: "has a path that leads out of the zip and is ignored; zip the files from within their folder"}


def test_a_backslash_in_a_name_is_a_problem_in_zips_and_folders(tmp_path):
    unzipped = load_submission(make_zip(tmp_path / "one.zip", {"hw\\work.py": CODE}))

    assert "backslash" in only_problem(unzipped)
    if os.sep == "/":
        assert "backslash" in only_problem(load_submission(make_folder(tmp_path / "one", {"hw\\work.py": CODE})))


def test_a_name_that_ends_early_at_a_nul_is_a_problem(tmp_path):
    archive = make_zip(tmp_path / "one.zip", {"work.py@.txt": CODE})
    archive.write_bytes(archive.read_bytes().replace(b"work.py@.txt", b"work.py\0.txt"))

    submission = load_submission(archive)

    assert submission.files == ()
    assert list(problems(submission)) == ["work.py\\x00.txt"]


@pytest.mark.parametrize(("kind", "sentence"), [(stat.S_IFLNK, "is a symbolic link"), (stat.S_IFIFO, "is not an ordinary file")])
def test_an_entry_that_is_no_file_is_a_problem(tmp_path, kind, sentence):
    archive = make_zip(tmp_path / "one.zip", [(entry_of_kind("work.py", kind), b"/etc/passwd")])

    assert sentence in only_problem(load_submission(archive))


def test_an_entry_with_ordinary_unix_permissions_is_read(tmp_path):
    archive = make_zip(tmp_path / "one.zip", [(entry_of_kind("work.py", stat.S_IFREG), CODE)])

    assert paths(load_submission(archive)) == ["work.py"]


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
def test_of_two_entries_with_one_name_none_is_read(tmp_path):
    archive = make_zip(tmp_path / "one.zip", [("work.py", b"x = 1\n"), ("work.py", b"x = 2\n")])

    assert "is there more than once" in only_problem(load_submission(archive))


def test_of_two_names_that_differ_in_case_none_is_read(tmp_path):
    submission = load_submission(make_zip(tmp_path / "one.zip", {"Work.py": b"x = 1\n", "work.py": b"x = 2\n", "a.py": CODE}))

    assert paths(submission) == ["a.py"]
    assert problems(submission)["Work.py"].startswith("differs from work.py only in upper and lower case")
    assert problems(submission)["work.py"].startswith("differs from Work.py only in upper and lower case")


def test_an_encrypted_entry_is_a_problem(tmp_path):
    archive = make_zip(tmp_path / "one.zip", {"work.py": CODE})
    data = bytearray(archive.read_bytes())
    # Bit 0 of the general purpose flags: at 6 in a local header, at 8 in the directory (APPNOTE 4.4.4).
    data[data.index(b"PK\x03\x04") + 6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    archive.write_bytes(data)

    assert "without a password" in only_problem(load_submission(archive))


def test_a_zip_inside_a_zip_is_not_opened(tmp_path):
    submission = load_submission(make_zip(tmp_path / "one.zip", {"inner.ZIP": b"PK", "work.py": CODE}))

    assert paths(submission) == ["work.py"]
    assert "zip inside a zip and is not opened" in problems(submission)["inner.ZIP"]


def test_a_bomb_is_refused_by_the_size_that_it_admits(tmp_path):
    archive = make_zip(tmp_path / "one.zip", {"bomb.py": b"#" * 3_000_000})

    assert "2.9 MiB" in only_problem(load_submission(archive))


def test_a_bomb_that_lies_about_its_size_is_not_unpacked_beyond_what_it_says(tmp_path):
    archive = make_zip(tmp_path / "one.zip", {"bomb.py": b"#" * 3_000_000})
    true, claimed = struct.pack("<L", 3_000_000), struct.pack("<L", 10)
    archive.write_bytes(archive.read_bytes().replace(true, claimed))

    assert "cannot be unpacked" in only_problem(load_submission(archive))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_cannot_be_unpacked_piece_by_piece_are_refused(tmp_path, method):
    archive = make_zip(tmp_path / "one.zip", {"work.py": CODE}, method)

    assert "compressed in an unusual way" in only_problem(load_submission(archive))


def test_too_many_entries_are_an_error(tmp_path):
    archive = make_zip(tmp_path / "one.zip", {f"{i}.png": b"" for i in range(11)})

    with pytest.raises(SubmissionError, match="has 11 entries, and at most 10 are read"):
        load_submission(archive, bounds=Bounds(entries=10))


def test_a_table_of_contents_of_many_megabytes_is_not_read(tmp_path):
    archive = make_zip(tmp_path / "one.zip", {"work.py": CODE})
    data = archive.read_bytes()
    end = data.index(b"PK\x05\x06")
    # The size of the directory is at 12 in its end record (APPNOTE 4.3.16); zeros before the real one make up for it.
    directory = b"\0" * 8_000_000 + data[data.index(b"PK\x01\x02") : end]
    record = bytearray(data[end:])
    record[12:16] = struct.pack("<L", len(directory))
    archive.write_bytes(data[: data.index(b"PK\x01\x02")] + directory + record)

    with pytest.raises(SubmissionError, match="table of contents is too large"):
        load_submission(archive)


def test_damaged_data_is_a_problem_of_that_file(tmp_path):
    archive = make_zip(tmp_path / "one.zip", {"bad.py": b"marker", "good.py": CODE}, zipfile.ZIP_STORED)
    archive.write_bytes(archive.read_bytes().replace(b"marker", b"barker"))

    submission = load_submission(archive)

    assert paths(submission) == ["good.py"]
    assert "zip it again" in problems(submission)["bad.py"]


def test_the_one_folder_around_all_files_of_a_zip_is_taken_off(tmp_path):
    files = {"repo-main/a.py": CODE, "repo-main/sub/b.py": CODE, "README.md": b"", "__MACOSX/repo-main/._a.py": b""}

    assert paths(load_submission(make_zip(tmp_path / "one.zip", files))) == ["a.py", "sub/b.py"]


@pytest.mark.parametrize("files", [{"hw/a.py": CODE, "b.py": CODE}, {"hw/a.py": CODE, "other/b.py": CODE}])
def test_folders_stay_where_there_is_not_one_around_all(tmp_path, files):
    assert paths(load_submission(make_zip(tmp_path / "one.zip", files))) == sorted(files)


def test_a_folder_of_the_layout_is_not_taken_off(tmp_path):
    archive = make_zip(tmp_path / "one.zip", {"cs231n/layers.py": CODE})

    assert paths(load_submission(archive, keep=frozenset({"cs231n"}))) == ["cs231n/layers.py"]


def test_a_hostile_entry_does_not_decide_which_folder_is_taken_off(tmp_path):
    submission = load_submission(make_zip(tmp_path / "one.zip", {"hw/a.py": CODE, "../b.py": CODE}))

    assert paths(submission) == ["a.py"]


def test_dots_in_zip_paths_are_only_spelling(tmp_path):
    assert paths(load_submission(make_zip(tmp_path / "one.zip", {"./a.py": CODE, "./sub//b.py": CODE}))) == ["a.py", "sub/b.py"]
