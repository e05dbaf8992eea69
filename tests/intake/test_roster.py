"""Rosters and lists of times as people save them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from grader.intake import IntakeError, read_roster, read_times
from tests.on_disk import needs_links

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Homework 1 (123),Current Score
,,,,,Manual Posting,
    Points Possible,,,,,10.00,(read only)
"Doe, Jane",4711,s001,jdoe,"Sec A, Sec B",9.00,90
"Student, Test",4799,,f00ba7,Sec A,,
"""
MOODLE = """\
Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (grade),Feedback comments
Participant 321,Jane Doe,jane@example.edu,Submitted for grading - ,,100.00,Yes,-,
"""
GRADESCOPE = """\
First Name,Last Name,SID,Email,Role,Sections
Jane,Doe,0012,jane@example.edu,Student,A
Tom,Teach,9,tom@example.edu,Instructor,A
"""


def write(tmp_path, data: str | bytes):
    path = tmp_path / "roster.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def test_a_plain_roster_is_read(tmp_path):
    (ann, bob) = read_roster(write(tmp_path, "id,name,section,email\n0012,Ann Lee,A,ann@example.edu\n13,Bob Ray,B,\n"))

    assert (ann.id, ann.name, ann.section, ann.email) == ("0012", "Ann Lee", "A", "ann@example.edu")
    assert bob.columns == {"id": "13", "name": "Bob Ray", "section": "B", "email": ""}


def test_the_rows_of_a_canvas_gradebook_that_are_no_students_are_skipped(tmp_path):
    jane, test = read_roster(write(tmp_path, CANVAS))

    assert (jane.id, jane.name, jane.section) == ("jdoe", "Doe, Jane", "Sec A, Sec B")
    assert jane.columns["ID"] == "4711"
    assert test.name == "Student, Test"


def test_the_row_of_points_is_no_student_where_the_ids_were_taken_out(tmp_path):
    assert [one.id for one in read_roster(write(tmp_path, "Student,SIS Login ID\n    Points Possible,\n\"Doe, Jane\",jdoe\n"))] == ["jdoe"]


def test_a_moodle_worksheet_is_read(tmp_path):
    (jane,) = read_roster(write(tmp_path, MOODLE))

    assert (jane.id, jane.name, jane.columns["Identifier"]) == ("jane@example.edu", "Jane Doe", "Participant 321")


def test_staff_on_a_gradescope_roster_are_no_students(tmp_path):
    assert [(one.id, one.name) for one in read_roster(write(tmp_path, GRADESCOPE))] == [("0012", "Jane Doe")]


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbfid,name\n1,J\xc3\xb6rg\n",
        "id;name\n1;Jörg\n".encode(),
        "id\tname\n1\tJörg\n".encode("utf-16"),
        'ID , Name\r\n"1","Jörg"\r\n\r\n,\r\n'.encode(),
    ],
    ids=["byte order mark", "semicolons", "Excel's Unicode text", "quotes and empty rows"],
)
def test_a_roster_is_read_as_spreadsheets_save_it(tmp_path, data):
    assert [(one.id, one.name) for one in read_roster(write(tmp_path, data))] == [("1", "Jörg")]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ("id,name\n1,Jörg\n".encode("latin-1"), r"is not UTF-8 text \(line 2, byte 0xF6\)"),
        (b"", "is empty"),
        (b"id,name\n", "names no student"),
        (b"colour,size\nred,1\n", "names no student .its columns: colour, size"),
        (b"id,name\n1,Ann\n1,Bob\n", r"for two students \(lines 2 and 3\)"),
        (b"id,id\n1,2\n", "two columns called 'id'"),
        (b'id,name\n1,"Ann\n', "is not CSV"),
        (b"id,name\n1,a\0b\n", "NUL character in line 2"),
        (b"id,name\n1," + b"x" * 200_000, "is not CSV"),
    ],
)
def test_a_roster_that_cannot_be_trusted_is_refused_in_a_sentence(tmp_path, data, sentence):
    with pytest.raises(IntakeError, match=sentence) as caught:
        read_roster(write(tmp_path, data))

    assert caught.value.remedy


def test_a_student_in_two_sections_is_one(tmp_path):
    (ann,) = read_roster(write(tmp_path, "id,name,section\n1,Ann,A\n1,Ann,B\n"))

    assert ann.section == "A, B"


@pytest.mark.parametrize("path", ["nowhere.csv", ".", "\0"])
def test_a_roster_that_is_not_there_is_refused(tmp_path, path):
    with pytest.raises(IntakeError):
        read_roster(tmp_path / path)


@needs_links
def test_a_roster_may_be_named_by_a_link(tmp_path):
    write(tmp_path, "id\n1\n")
    (tmp_path / "link.csv").symlink_to(tmp_path / "roster.csv")

    assert len(read_roster(tmp_path / "link.csv")) == 1


# -------------------------------------------------------------------------------------------------------------------------- times


def test_times_are_read_in_utc(tmp_path):
    path = write(tmp_path, "student,submitted_at,source\nann,2026-11-30T23:59:00+01:00,\nann,2026-12-01T00:00:00Z,ann-2\n")

    assert read_times(path) == {"ann": datetime(2026, 11, 30, 22, 59, tzinfo=UTC), "ann-2": datetime(2026, 12, 1, tzinfo=UTC)}


def test_a_time_without_an_offset_needs_a_zone(tmp_path):
    path = write(tmp_path, "student;submitted_at\nann;2026-07-01 12:00\n")

    # Zurich is two hours ahead in summer.
    assert read_times(path, tz="Europe/Zurich") == {"ann": datetime(2026, 7, 1, 10, tzinfo=UTC)}
    with pytest.raises(IntakeError, match=r"line 2 .* without a zone") as caught:
        read_times(path)
    assert "--timezone" in caught.value.remedy


def test_of_an_hour_that_comes_twice_the_first_is_meant(tmp_path):
    path = write(tmp_path, "student,submitted_at\nann,2026-10-25T02:30\n")

    # Clocks went back from 03:00 summer time (+02:00) to 02:00.
    assert read_times(path, tz="Europe/Zurich") == {"ann": datetime(2026, 10, 25, 0, 30, tzinfo=UTC)}


@pytest.mark.parametrize("row", ["ann,yesterday", "ann,", ",2026-11-30T12:00Z", "ann,2026-02-30T12:00Z", "ann,0001-01-01T00:00+14:00"])
def test_a_row_without_a_time_is_refused_with_its_line(tmp_path, row):
    with pytest.raises(IntakeError, match="line 2"):
        read_times(write(tmp_path, f"student,submitted_at\n{row}\n"))


def test_two_times_for_one_student_need_sources(tmp_path):
    with pytest.raises(IntakeError, match="a second time"):
        read_times(write(tmp_path, "student,submitted_at\nann,2026-11-30T12:00Z\nann,2026-11-30T13:00Z\n"))


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "../../etc/passwd", ""])
def test_an_unknown_zone_is_refused(tmp_path, zone):
    with pytest.raises(IntakeError, match="no time zone"):
        read_times(write(tmp_path, "student,submitted_at\n"), tz=zone)
