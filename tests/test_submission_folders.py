"""Folders of any content and any size: links are not followed, pipes not waited for, and bounds hold."""

from __future__ import annotations

import io
import os

import pytest

from grader.submission import Bounds, load_submission
from grader.submission import folder as folder_module
from tests.on_disk import (
    CODE,
    make_folder,
    make_zip,
    needs_links,
    needs_linux,
    needs_permissions,
    needs_pipes,
    only_problem,
    paths,
    problems,
)

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
    assert "over 10 files and folders" in problems(submission)["data/images"]


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
