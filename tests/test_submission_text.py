"""Names and encodings of files: what is read as text, and in which encoding."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from grader.submission import load_submission
from tests.on_disk import CODE, load_text, make_folder, make_zip, needs_linux, only_problem, paths, problems

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

    assert message.startswith(f"declares the encoding {cookie}, which is not supported")


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
