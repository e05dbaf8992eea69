"""Every export of the page: what is in the file, that it harms nobody, and that it is for staff alone."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from xml.etree import ElementTree

import pytest
from argon2 import PasswordHasher

from grader.export import EXPORTS
from grader.serve.accounts import Role, make_account
from grader.serve.app import create_app
from grader.serve.exports import WHOLE
from grader.serve.exports_pages import FORMS
from grader.serve.service import open_service
from tests.serve.by_word import hand_in, work
from tests.serve.conftest import Site, add_people, form_of, settings_for

CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Powers (77)\n"
    "    Points Possible,,,,,12\n"
    '"Lovelace, Ada",501,u1,ada,S1,\n'
    '"Burns, Bob",502,u2,bob,S1,\n'
)
MOODLE = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Last modified (grade),Feedback comments\n"
    "Participant 11,Ada,ada@example.org,-,,12.00,-,\n"
    "Participant 12,Bob,bob@example.org,-,,12.00,-,\n"
)


def export(site, what, *, who="tom", roster="", **fields):
    browser = site.browser(who)
    files = {"roster": ("roster.csv", roster)} if roster else None
    return browser.post("/staff/exports", data={"form": form_of(browser, "/staff/exports"), "what": what, **fields}, files=files)


def rows_of(answer):
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))


def files_of(answer):
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.fixture(scope="module")
def marked(tmp_path_factory):
    """Ada has everything, 12 points; Bob has lost the two of a hidden check. Who exports changes nothing, so that one is for all tests."""
    patch = pytest.MonkeyPatch()
    patch.setattr("grader.serve.passwords.hasher", lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    service = open_service(settings_for(tmp_path_factory.mktemp("marked")))
    add_people(service.database)
    site = Site(service, create_app(service))
    hand_in(site, "ada", work())
    hand_in(site, "bob", work("scales_the_cube", mistake="scale_forgotten"))
    patch.undo()
    yield site
    service.close()


def test_canvas_gets_back_its_own_gradebook_filled_in(marked):
    answer = export(marked, "canvas", roster=CANVAS, assignment="Powers")

    rows = rows_of(answer)
    assert rows[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Powers (77)"]
    assert [row[1:4] + row[5:] for row in rows[2:]] == [["501", "u1", "ada", "12.00"], ["502", "u2", "bob", "10.00"]]
    assert answer.headers["content-disposition"] == 'attachment; filename="canvas.csv"'


def test_without_canvas_ids_the_page_says_what_is_missing(marked):
    answer = export(marked, "canvas")

    assert answer.status_code == 422
    assert 'class="problem"' in answer.text
    assert "Canvas ID" in answer.text


def test_moodle_is_filled_in_by_address_and_scaled(marked):
    rows = rows_of(export(marked, "moodle", roster=MOODLE.replace("12.00", "6.00"), out_of="6"))

    # 12 of 12 and 10 of 12 points, out of 6.
    assert [row[4] for row in rows] == ["Grade", "6.00", "5.00"]


def test_a_maximum_that_is_not_the_platforms_is_refused(marked):
    assert "maximum grade" in export(marked, "moodle", roster=MOODLE, out_of="100").text


@pytest.mark.parametrize("points", ["0", "-3", "many", "1/0", "1e400", "9" * 30])
def test_points_that_cannot_be_are_refused(points, marked):
    assert export(marked, "moodle", roster=MOODLE, out_of=points).status_code == 422


def test_a_name_that_a_spreadsheet_would_calculate_is_only_a_text(site):
    make_account(site.service.database, name="=HYPERLINK(1)", email="eve@example.org", role=Role.STUDENT, student="eve")

    rows = rows_of(export(site, "gradebook"))

    assert next(row for row in rows if row[0] == "eve")[1] == "'=HYPERLINK(1)"


def test_gradescope_and_junit_are_a_file_for_each(marked):
    gradescope, junit = files_of(export(marked, "gradescope")), files_of(export(marked, "junit"))

    assert {name: json.loads(text)["score"] for name, text in gradescope.items()} == {"gradescope/ada.json": 12, "gradescope/bob.json": 10}
    assert [ElementTree.fromstring(text).tag for text in junit.values()] == ["testsuites"] * 2


def test_classroom50_names_its_classroom(marked):
    wanted = {"classroom": "dl26", "assignment": "powers"}

    assert json.loads(files_of(export(marked, "classroom50", **wanted))["classroom50/bob.json"])["score"] == 10
    assert export(marked, "classroom50").status_code == 422


def test_scorecards_come_in_both_views_and_only_one_has_hidden_facts(marked):
    views = {name: files_of(export(marked, name)) for name in ("scorecards", "scorecards-student")}

    held = {name: json.loads(files[f"{name}/bob.json"])["points"] for name, files in views.items()}
    assert held == {"scorecards": 10, "scorecards-student": 10}
    assert "4711" in views["scorecards"]["scorecards/bob.json"]
    assert "4711" not in views["scorecards-student"]["scorecards-student/bob.json"]


def test_the_class_report_is_one_page(marked):
    answer = export(marked, "report")

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "scale forgotten" in answer.text


@pytest.mark.parametrize("what", FORMS)
def test_with_nothing_handed_in_every_form_answers_in_a_sentence_or_a_file(what, site):
    answer = export(site, what)

    assert answer.status_code in (200, 422)
    assert "attachment" in answer.headers.get("content-disposition", "") or 'class="problem"' in answer.text


def test_the_page_offers_every_form_of_the_terminal():
    assert set(FORMS) == {*EXPORTS, *WHOLE}


def test_an_export_that_is_none_is_refused(site):
    assert export(site, "../../etc/passwd").status_code == 422
    assert export(site, "gradebook", view="root").status_code == 422


def test_who_takes_marks_out_is_in_the_log(marked):
    export(marked, "gradebook")

    assert "marks exported" in marked.browser("tom").get("/staff/log").text
