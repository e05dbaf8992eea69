"""`grade export` on a folder of results, and `grade check --format` for other programs."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from grader.cli import run
from grader.commands.handing_on import FORMS, folder_in_repository, render_for_machines
from grader.export import EXPORTS, RENDERED
from grader.intake import safe_id
from grader.model import View
from tests.cards import make_card
from tests.export.people import CANVAS, document, make_class, mark, student


@pytest.fixture
def results(tmp_path):
    pytest.importorskip("sqlalchemy")
    from grader.store import Store

    people = [student(columns=CANVAS, email="a@x.org"), student("../bob", {**CANVAS, "ID": "102"}, email="b@x.org")]
    revision = make_class(people, [mark(handin=None), mark("../bob", handin=None)]).revision
    with Store.open(tmp_path / "layerwise.db") as store:
        store.put_students(people)
        store.put_revision(revision)
    for view, folder in ((View.STUDENT, "scorecards-student"), (View.INSTRUCTOR, "scorecards")):
        (tmp_path / folder).mkdir()
        for one in people:
            (tmp_path / folder / f"{safe_id(one.id)}.json").write_text(json.dumps(document(view)))
    return tmp_path


@pytest.mark.parametrize("form", EXPORTS)
def test_every_form_is_written_into_the_folder_of_exports(results, form, capsys):
    given = ["--assignment", "hw1", "--classroom", "cs"]

    code = run(["export", form, str(results), *given])

    assert code == 0, capsys.readouterr().err
    written = [path for path in (results / "exports").rglob("*") if path.is_file()]
    assert written
    assert all(path.parent in (results / "exports", results / "exports" / form) for path in written)
    assert not list(results.parent.glob("bob*"))


def test_a_file_of_somebody_who_has_no_mark_any_more_goes(results):
    old = results / "exports" / "junit" / "gone.xml"
    old.parent.mkdir(parents=True)
    old.write_text("old")

    run(["export", "junit", str(results)])

    assert not old.exists()


def test_nothing_of_others_goes_from_a_folder_that_was_named(results, tmp_path):
    kept = tmp_path / "mine" / "notes.txt"
    kept.parent.mkdir()
    kept.write_text("mine")

    run(["export", "junit", str(results), "--out", str(kept.parent)])

    assert kept.read_text() == "mine"
    assert (kept.parent / "ada.xml").is_file()


def test_a_file_that_was_named_is_the_file(results, tmp_path):
    run(["export", "canvas", str(results), "--out", str(tmp_path / "import.csv")])

    assert (tmp_path / "import.csv").read_text(encoding="utf-8").startswith("Student,ID,")


def test_a_scorecard_that_is_half_written_is_told_in_a_sentence(results, capsys):
    (results / "scorecards-student" / "ada.json").write_text('{"schema":')

    assert run(["export", "junit", str(results)]) == 4
    assert "cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize("points", ["0", "-3", "many", "1/0"])
def test_points_that_are_none_are_refused(results, points, capsys):
    assert run(["export", "canvas", str(results), f"--out-of={points}"]) == 2
    assert "number of points" in capsys.readouterr().err


def test_an_autograder_is_written_for_its_owner_alone(tmp_path, capsys):
    out = tmp_path / "auto.zip"

    assert run(["export", "gradescope", "--autograder", str(out)]) == 0

    assert out.stat().st_mode & 0o077 == 0
    assert "contains the hidden checks" in capsys.readouterr().out


def test_grade_check_offers_every_form_of_a_single_submission():
    assert set(FORMS) == set(RENDERED)


def test_github_gets_its_summary_in_the_file_that_it_names(tmp_path):
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")

    text = render_for_machines(make_card(), "github", View.STUDENT, tmp_path, {"GITHUB_STEP_SUMMARY": str(summary)})

    assert text.startswith("::error ")
    assert summary.read_text().startswith("before\n### ada: 0 of 8 points\n")


def test_a_path_is_told_from_the_root_of_the_repository(tmp_path):
    (tmp_path / "hw1").mkdir()
    environ = {"GITHUB_WORKSPACE": str(tmp_path)}

    assert folder_in_repository(tmp_path / "hw1", environ) == "hw1"
    assert folder_in_repository(tmp_path, environ) == ""
    assert folder_in_repository(tmp_path / "hw1" / "power.py", environ) == "hw1"
    assert folder_in_repository(Path("/"), environ) == ""


def test_a_form_of_one_document_is_not_watched(capsys):
    assert run(["check", "--watch", "--format", "junit"]) == 2
    assert "--watch" in capsys.readouterr().err


def test_an_earlier_work_than_the_last_is_not_what_counts_for_the_time():
    from grader.commands.export import times
    from tests.marks.worlds import handin

    class Three:
        def handins(self):
            from datetime import timedelta

            return tuple(handin(number, "ada", None, at=timedelta(days=number)) for number in (1, 2, 3))

    revision = make_class([student()], [mark(handin=1), mark(exercise="root", handin=2)]).revision

    found = times(Three(), dataclasses.replace(revision))

    assert found == {"ada": Three().handins()[1].handin.submitted_at}
