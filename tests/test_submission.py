"""Submissions are hostile and messy: each oddity gets one clear sentence, and the rest is graded."""

from __future__ import annotations

import io
import os
import stat
import struct
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.errors import SubmissionError
from grader.safe_text import safe_text
from grader.submission import Bounds, load_submission
from grader.submission import folder as folder_module

CODE = b"x = 1\n"
needs_links = pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")
needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
needs_permissions = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything, and Windows has other permissions"
)
needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux file systems take any bytes as a name")


def make_folder(root: Path, files: dict[str, bytes]) -> Path:
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return root


def make_zip(path: Path, files: dict[str, bytes] | list[tuple[str | zipfile.ZipInfo, bytes]], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in files.items() if isinstance(files, dict) else files:
            archive.writestr(name, data)
    return path


def entry_of_kind(name: str, kind: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.create_system = 3
    entry.external_attr = (kind | 0o644) << 16
    return entry


def paths(submission) -> list[str]:
    return [file.path for file in submission.files]


def problems(submission) -> dict[str, str]:
    return {problem.path: problem.message for problem in submission.problems}


def only_problem(submission) -> str:
    assert submission.files == ()
    assert len(submission.problems) == 1
    return submission.problems[0].message


def load_text(tmp_path: Path, data: bytes):
    (tmp_path / "work.py").write_bytes(data)
    return load_submission(tmp_path / "work.py")


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
        *(".a.py", "._a.py", "a.ipynb", "a.pyc"),
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


@pytest.mark.parametrize("name", ["work.tar.gz", "work.ipynb", "work"])
def test_another_kind_of_file_is_an_error_that_says_what_can_be_read(tmp_path, name):
    (tmp_path / name).write_bytes(CODE)

    with pytest.raises(SubmissionError, match=r"neither a folder nor a \.py file nor a \.zip"):
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


# -------------------------------------------------------------------------------------------------------------------- folders


@pytest.fixture(params=["descriptors", "paths"])
def any_system(request, monkeypatch):
    """Windows has no folder descriptors; what holds with them must hold without."""
    if request.param == "paths":
        monkeypatch.setattr(folder_module, "BY_DESCRIPTOR", False)
    elif not folder_module.BY_DESCRIPTOR:
        pytest.skip("this system has no folder descriptors")


def test_a_folder_is_read_on_any_system(tmp_path, any_system):
    assert paths(load_submission(make_folder(tmp_path, {"a.py": CODE, "s/t/b.py": CODE}))) == ["a.py", "s/t/b.py"]


@needs_links
@pytest.mark.parametrize("target", ["outside.py", "one/real.py", "nowhere.py"])
def test_a_linked_file_is_not_followed_wherever_it_leads(tmp_path, any_system, target):
    make_folder(tmp_path, {"outside.py": b"secret = 1\n", "one/real.py": CODE})
    (tmp_path / "one" / "link.py").symlink_to(tmp_path / target)

    submission = load_submission(tmp_path / "one")

    assert paths(submission) == ["real.py"]
    assert problems(submission) == {"link.py": "is a symbolic link and is not followed; put the file itself in its place"}


@needs_links
def test_a_linked_folder_is_not_followed(tmp_path, any_system):
    make_folder(tmp_path, {"reference/a.py": b"secret = 1\n", "one/b.py": CODE})
    (tmp_path / "one" / "reference").symlink_to(tmp_path / "reference")

    submission = load_submission(tmp_path / "one")

    assert paths(submission) == ["b.py"]
    assert list(problems(submission)) == ["reference"]


@needs_links
@pytest.mark.parametrize("exchanged", ["sub", "sub/a.py"])
def test_what_becomes_a_link_after_it_was_listed_is_not_followed(tmp_path, exchanged):
    if not folder_module.BY_DESCRIPTOR:
        pytest.skip("needs folder descriptors")
    make_folder(tmp_path, {"outside/a.py": b"secret = 1\n", "one/sub/a.py": CODE})
    found = folder_module.find_in_folder(tmp_path / "one", Bounds())
    (tmp_path / "one" / exchanged).rename(tmp_path / "moved")
    (tmp_path / "one" / exchanged).symlink_to(tmp_path / "outside" / ("a.py" if exchanged.endswith(".py") else ""))

    with pytest.raises(folder_module.Unusable):
        found[0].read(100)


@needs_pipes
def test_a_pipe_is_a_problem_and_nobody_waits_for_it(tmp_path, any_system):
    os.mkfifo(tmp_path / "pipe.py")

    assert "not an ordinary file" in only_problem(load_submission(tmp_path))


@needs_permissions
def test_an_unreadable_file_and_folder_are_problems_of_their_own(tmp_path):
    make_folder(tmp_path, {"a.py": CODE, "b.py": CODE, "sub/c.py": CODE})
    (tmp_path / "b.py").chmod(0)
    (tmp_path / "sub").chmod(0)

    try:
        submission = load_submission(tmp_path)
    finally:
        (tmp_path / "sub").chmod(0o700)

    assert paths(submission) == ["a.py"]
    assert list(problems(submission)) == ["b.py", "sub"]


def test_a_file_that_vanishes_before_it_is_read_is_a_problem(tmp_path, any_system):
    found = folder_module.find_in_folder(make_folder(tmp_path, {"a.py": CODE}), Bounds())
    (tmp_path / "a.py").unlink()

    with pytest.raises(folder_module.Unusable, match="cannot be read"):
        found[0].read(100)


# --------------------------------------------------------------------------------------------------------------------- bounds


class Unreadable(io.FileIO):
    def read(self, size=-1, /):
        raise AssertionError("it was read")


def test_a_file_of_100_mib_is_refused_by_its_size_without_being_read(tmp_path, monkeypatch):
    with open(tmp_path / "big.py", "wb") as file:
        file.truncate(100 * 1024 * 1024)
    monkeypatch.setattr(folder_module, "open_regular", lambda name, dir_fd=None: Unreadable(tmp_path / name))

    message = only_problem(load_submission(tmp_path))

    assert message == "has 100.0 MiB and was not read, since a file may have 256 KiB; take out what is not code"


@needs_linux
def test_a_file_that_has_more_bytes_than_it_says_is_cut_off(tmp_path):
    # The kernel says that files under /proc have no bytes.
    with pytest.raises(folder_module.Unusable, match="was not read"):
        folder_module.read_regular("/proc/self/status", 16)


@pytest.mark.parametrize(("size", "count"), [(10, 1), (11, 0)])
def test_a_file_may_have_as_many_bytes_as_the_bound_says(tmp_path, size, count):
    make_folder(tmp_path / "one", {"a.py": b"#" * size})
    make_zip(tmp_path / "one.zip", {"a.py": b"#" * size})

    assert len(load_submission(tmp_path / "one", bounds=Bounds(file_bytes=10)).files) == count
    assert len(load_submission(tmp_path / "one.zip", bounds=Bounds(file_bytes=10)).files) == count


def test_what_is_beyond_the_total_is_left_out_in_one_sentence(tmp_path):
    make_folder(tmp_path, {"a.py": b"#" * 6, "b.py": b"#" * 6, "c.py": b"#" * 6})

    submission = load_submission(tmp_path, bounds=Bounds(total_bytes=11))

    assert paths(submission) == ["a.py"]
    assert list(problems(submission)) == ["b.py"]
    assert "was not read and 1 more after it" in problems(submission)["b.py"]


def test_what_is_beyond_the_number_of_files_is_left_out_from_below(tmp_path):
    make_folder(tmp_path, {"a/a.py": CODE, "z.py": CODE, "y.py": CODE})

    submission = load_submission(tmp_path, bounds=Bounds(files=2))

    assert paths(submission) == ["y.py", "z.py"]
    assert list(problems(submission)) == ["a/a.py"]


def test_a_large_folder_of_data_hides_nothing_that_lies_above_it(tmp_path):
    make_folder(tmp_path, {"data/images/" + f"{i}.png": b"" for i in range(20)} | {"work/a.py": CODE})

    submission = load_submission(tmp_path, bounds=Bounds(entries=10))

    assert paths(submission) == ["work/a.py"]
    assert "more than 10" in problems(submission)["data/images"]


def test_folders_beyond_the_depth_are_not_entered(tmp_path):
    files = {"1/2/a.py": CODE, "1/2/3/b.py": CODE}

    found = load_submission(make_folder(tmp_path / "one", files), bounds=Bounds(depth=2))
    unzipped = load_submission(make_zip(tmp_path / "one.zip", {"top.py": CODE, **files}), bounds=Bounds(depth=2))

    assert (paths(found), list(problems(found))) == (["1/2/a.py"], ["1/2/3"])
    assert (paths(unzipped), list(problems(unzipped))) == (["1/2/a.py", "top.py"], ["1/2/3/b.py"])


def test_thousands_of_problems_end_in_a_count(tmp_path):
    archive = make_zip(tmp_path / "one.zip", {f"../{i}.py": b"" for i in range(1000)})

    submission = load_submission(archive)

    assert len(submission.problems) == 101
    assert submission.problems[-1].message.startswith("has 900 more problems")


# ----------------------------------------------------------------------------------------------------------------------- zips


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
    assert problems(submission)["Work.py"].startswith("has the same name as work.py but for the case of letters")
    assert problems(submission)["work.py"].startswith("has the same name as Work.py but for the case of letters")


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

    assert "method that is not read" in only_problem(load_submission(archive))


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


# ---------------------------------------------------------------------------------------------------------------------- names


@pytest.mark.parametrize("name", ["numpy.py", "scipy.py", "random.py", "sub/typing.py"])
def test_a_file_with_the_name_of_a_library_is_left_out(tmp_path, name):
    submission = load_submission(make_folder(tmp_path, {name: CODE}))

    assert only_problem(submission).startswith("has the name of a library and is ignored")


def test_a_module_of_a_package_may_have_the_name_of_a_library(tmp_path):
    make_folder(tmp_path, {"net/__init__.py": b"", "net/random.py": CODE})

    assert paths(load_submission(tmp_path)) == ["net/__init__.py", "net/random.py"]


@pytest.mark.parametrize(("name", "shown"), [("a\x1b[2J.py", "a\\x1b[2J.py"), ("\u202eyp.x.py", "\\u202eyp.x.py")])
def test_a_name_that_acts_on_a_terminal_is_a_problem_and_shown_safely(tmp_path, name, shown):
    submission = load_submission(make_zip(tmp_path / "one.zip", {name: CODE}))

    assert submission.files == ()
    assert list(problems(submission)) == [shown]


@needs_linux
def test_a_file_name_that_is_no_text_is_a_problem_and_shown_safely(tmp_path):
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.py")).write_bytes(CODE)

    submission = load_submission(tmp_path)

    assert submission.files == ()
    assert list(problems(submission)) == ["\\udcff.py"]


# ----------------------------------------------------------------------------------------------------------------------- text


@pytest.mark.parametrize(
    "data",
    [
        "x = 'ä'\n".encode(),
        "x = 'ä'\n".encode("utf-8-sig"),
        "x = 'ä'\n".encode("utf-16"),
        b"\xfe\xff" + "x = 'ä'\n".encode("utf-16-be"),
    ],
)
def test_byte_order_marks_decide_the_encoding_and_vanish(tmp_path, data):
    assert load_text(tmp_path, data).files[0].text == "x = 'ä'\n"


def test_a_byte_order_mark_outranks_a_cookie(tmp_path):
    data = "# coding: latin-1\nx = 'ä'\n".encode("utf-8-sig")

    assert load_text(tmp_path, data).files[0].text == "# coding: latin-1\nx = 'ä'\n"


@pytest.mark.parametrize("data", [b"a = 1\r\nb = 2\r\n", b"a = 1\rb = 2\r", b"a = 1\nb = 2\n", b"a = 1\r\nb = 2\r"])
def test_all_line_ends_become_newlines(tmp_path, data):
    assert load_text(tmp_path, data).files[0].text == "a = 1\nb = 2\n"


@pytest.mark.parametrize(
    ("cookie", "codec", "letters"),
    [
        ("utf-8", "utf-8", "ä層"),
        ("UTF_8", "utf-8", "ä層"),
        ("utf-8-unix", "utf-8", "ä"),
        ("latin-1", "latin-1", "ä"),
        ("iso-8859-15", "iso-8859-15", "€"),
        ("cp1252", "cp1252", "€"),
        ("cp1251", "cp1251", "ж"),
        ("koi8-r", "koi8-r", "ж"),
        ("gbk", "gbk", "层"),
        ("gb2312", "gb2312", "层"),
        ("gb18030", "gb18030", "层"),
        ("big5", "big5", "層"),
        ("shift_jis", "shift_jis", "表"),
        ("euc-kr", "euc_kr", "층"),
        ("euc-jp", "euc_jp", "層"),
    ],
)
def test_the_usual_encodings_are_read_by_their_cookie(tmp_path, cookie, codec, letters):
    text = f"#!/usr/bin/env python\n# -*- coding: {cookie} -*-\nx = '{letters}'\n"

    assert load_text(tmp_path, text.encode(codec)).files[0].text == text


def test_a_cookie_below_code_is_only_a_comment(tmp_path):
    # PEP 263: in line 2 it counts only if line 1 is a comment or blank.
    assert "is not UTF-8" in only_problem(load_text(tmp_path, b"x = 1\n# coding: latin-1\ny = '\xe4'\n"))


@pytest.mark.parametrize("cookie", ["rot13", "zlib", "utf-7", "unicode_escape", "no-such-codec"])
def test_other_encodings_are_refused_by_name(tmp_path, cookie):
    message = only_problem(load_text(tmp_path, f"# coding: {cookie}\n".encode()))

    assert message.startswith(f"declares the encoding {cookie}, which is not read")


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"])
def test_text_that_is_not_utf_8_is_refused_with_line_and_byte(tmp_path, line_end):
    message = only_problem(load_text(tmp_path, line_end.join([b"a = 1", b"b = 2", b"c = '\xe4'"])))

    assert message == "is not UTF-8 text (line 3, byte 0xE4); save it as UTF-8"


def test_text_that_does_not_fit_its_cookie_is_refused(tmp_path):
    assert only_problem(load_text(tmp_path, b"# coding: ascii\n\xc3\xa4")) == "is not ASCII text (line 2, byte 0xC3); save it as UTF-8"


def test_a_nul_is_refused_with_its_line(tmp_path):
    assert "NUL character in line 2" in only_problem(load_text(tmp_path, b"a = 1\nb\0"))


def test_one_bad_file_does_not_cost_the_others(tmp_path):
    submission = load_submission(make_folder(tmp_path, {"good.py": CODE, "bad.py": b"\xff"}))

    assert paths(submission) == ["good.py"]
    assert list(problems(submission)) == ["bad.py"]


def test_source_that_is_no_python_is_text_all_the_same(tmp_path):
    assert load_text(tmp_path, b"print 'python 2'\n").files[0].text == "print 'python 2'\n"


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
