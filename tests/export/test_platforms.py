"""The files for Canvas and Moodle, read by the rules of their importers."""

from __future__ import annotations

import csv
import io
import re
from fractions import Fraction

import pytest
from hypothesis import given

from grader.export import EXPORTS, ExportError
from tests.export.people import CANVAS, WORKSHEET, hostile, make_class, mark, student


def written(form, results):
    [(_name, text)] = EXPORTS[form].writer(results)
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def read_by_canvas(rows):
    """The marks by Canvas ID and assignment, by the rules of lib/gradebook_importer.rb: where columns are, and which rows are students."""
    header, *rest = rows
    assert "Student" in header[0]
    assert "ID" in header[1]
    columns = 3
    if re.search(r"SIS\s+User\s+ID", header[2]) and re.search(r"SIS\s+Login\s+ID", header[3]):
        columns += 2 + bool(re.search(r"Integration\s+ID", header[4]))
    assert "Section" in header[columns - 1], "the importer says: invalid header row"
    found, possible = {}, {}
    for row in rest:
        marks = dict(zip(header[columns:], row[columns:], strict=True))
        if "Points Possible" in row[0]:
            possible = marks
        else:
            found[row[1]] = marks
    return found, possible


def test_canvas_finds_the_student_by_id_and_the_assignment_by_the_id_in_its_heading():
    results = make_class([student(columns=CANVAS)], [mark(points=6)], assignment="Homework 1")

    found, possible = read_by_canvas(written("canvas", results))

    assert found == {"101": {"Homework 1 (4711)": "6.00"}}
    assert possible == {"Homework 1 (4711)": "8.00"}


def test_canvas_keeps_the_columns_that_only_some_gradebooks_have():
    columns = {**CANVAS, "Integration ID": "i1"}

    rows = written("canvas", make_class([student(columns=columns)], [mark()]))

    assert rows[0][:6] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Integration ID", "Section"]
    assert read_by_canvas(rows)[0] == {"101": {"tiny": "4.00"}}


def test_a_mark_that_is_not_final_has_no_row_since_an_empty_cell_would_clear_it():
    people = [student(columns=CANVAS), student("bob", {**CANVAS, "ID": "102"})]
    results = make_class(people, [mark(), mark("bob", pending=True)])

    found, _ = read_by_canvas(written("canvas", results))

    assert set(found) == {"101"}
    assert [*EXPORTS["canvas"].notes(results)] == ["left as the platform has them, since their marks are not final: bob"]


def test_canvas_gets_one_column_for_each_exercise_if_that_is_wished():
    marks = [mark(), mark(exercise="root", points=1, max_points=2)]

    found, possible = read_by_canvas(written("canvas", make_class([student(columns=CANVAS)], marks, by_exercise=True)))

    assert found == {"101": {"power": "4.00", "root": "1.00"}}
    assert possible == {"power": "8.00", "root": "2.00"}


def test_a_student_whom_a_fault_of_the_grader_took_checks_from_keeps_the_share():
    people = [student(columns=CANVAS), student("bob", {**CANVAS, "ID": "102"})]

    found, _ = read_by_canvas(written("canvas", make_class(people, [mark(), mark("bob", points=3, max_points=4)])))

    # 3 of 4 is 6 of 8.
    assert found["102"] == {"tiny": "6.00"}


@pytest.mark.parametrize("columns", [{"id": "ada", "name": "Ada"}, {**CANVAS, "ID": ""}])
def test_a_roster_without_canvas_ids_is_refused_in_a_sentence(columns):
    with pytest.raises(ExportError, match="no Canvas ID of ada"):
        written("canvas", make_class([student(columns=columns)], [mark()]))


def test_whoever_is_on_no_roster_is_left_out_and_named():
    results = make_class([student(columns=CANVAS), student("stray")], [mark(), mark("stray")])

    assert set(read_by_canvas(written("canvas", results))[0]) == {"101"}
    assert [*EXPORTS["canvas"].notes(results)] == ["left out, since they are not on the roster: stray"]


@given(hostile)
def test_canvas_reads_the_same_marks_whatever_a_student_is_called(text):
    columns = {**CANVAS, "Student": text, "Section": text, "SIS Login ID": text}

    found, _ = read_by_canvas(written("canvas", make_class([student(columns=columns, name=text)], [mark()])))

    assert found == {"101": {"tiny": "4.00"}}


def read_by_moodle(rows):
    """Grade and comments by number, by the rules of mod/assign/feedback/offline/importgradeslib.php, in English."""
    header, *rest = rows
    where = {name: header.index(name) for name in ("Identifier", "Grade", "Last modified (grade)", "Feedback comments")}
    return {row[where["Identifier"]][len("Participant ") :]: (row[where["Grade"]], row[where["Feedback comments"]]) for row in rest}


def test_a_moodle_worksheet_comes_back_with_its_grades():
    found = read_by_moodle(written("moodle", make_class([student(columns=WORKSHEET)], [mark(points=6)])))

    assert found["11"][0] == "6.00"
    assert found["11"][1].startswith("power: 6 of 8 points<br>")


def test_a_worksheet_row_whose_mark_is_not_final_comes_back_as_it_was():
    columns = {**WORKSHEET, "Grade": "3.00", "Feedback comments": "Well begun."}

    found = read_by_moodle(written("moodle", make_class([student(columns=columns)], [mark(pending=True)])))

    assert found["11"] == ("3.00", "Well begun.")


def test_a_maximum_that_moodle_would_skip_marks_for_is_refused():
    columns = {**WORKSHEET, "Maximum Grade": "100.00"}

    with pytest.raises(ExportError, match="maximum grade is 100, and the marks are out of 8") as caught:
        written("moodle", make_class([student(columns=columns)], [mark()]))

    assert "--out-of 100" in caught.value.remedy


def test_marks_are_scaled_to_what_the_platform_gives():
    columns = {**WORKSHEET, "Maximum Grade": "100.00"}

    found = read_by_moodle(written("moodle", make_class([student(columns=columns)], [mark(points=1)], out_of=Fraction(100))))

    # 1 of 8 is 12.5 of 100.
    assert found["11"][0] == "12.50"


@given(hostile)
def test_comments_hold_no_html_but_their_own_breaks(text):
    cards = {"ada": None}
    late = mark(exercise=text or "x", late_days=1, late_factor=Fraction(1, 2))

    found = read_by_moodle(written("moodle", make_class([student(columns=WORKSHEET)], [late], cards)))

    assert set(re.findall(r"<[^>]*>?", found["11"][1])) <= {"<br>"}


def test_a_roster_that_is_no_worksheet_becomes_a_gradebook_import():
    rows = written(
        "moodle", make_class([student(columns={"Email address": "ada@example.org"}, name="Ada")], [mark()], assignment="Homework 1")
    )

    assert rows[0] == ["Email address", "Full name", "Homework 1", "Feedback"]
    assert rows[1][:3] == ["ada@example.org", "Ada", "4.00"]


def test_nobody_is_sent_to_moodle_who_could_not_be_found_there():
    with pytest.raises(ExportError, match="no email address of ada"):
        written("moodle", make_class([student(columns={"name": "Ada"})], [mark()]))


def test_the_gradebook_has_an_empty_cell_for_a_mark_that_is_not_final():
    rows = written("gradebook", make_class([student(columns=CANVAS, name="=Ada")], [mark(), mark(exercise="root", pending=True)]))

    assert rows[1][:8] == ["ada", "'=Ada", "", "", "4.00", "", "", "16.00"]
    assert rows[1][-1] == "not all graded"
