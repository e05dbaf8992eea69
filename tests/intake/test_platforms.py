"""Bulk downloads of Canvas, Moodle and Gradescope, as their own code and the tools that read them make them."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime

import pytest

from grader.classwork import Student
from grader.intake import IntakeError, find_handins, load_handin
from tests.on_disk import CODE, make_folder, make_zip, paths

DOE = Student(id="jdoe", name="Doe, Jane", columns={"Student": "Doe, Jane", "ID": "4711", "SIS Login ID": "jdoe"})
ROE = Student(id="rroe", name="Roe, Rick", columns={"Student": "Roe, Rick", "ID": "4712", "SIS Login ID": "rroe"})

METADATA = b"""\
---
submission_100:
  :submitters:
  - :name: Jane Doe
    :sid: 0012
    :email: jane@example.edu
  :created_at: 2026-11-20 23:15:00.123456000 Z
  :score: 1.0
  :results:
    tests:
    - :name: decoy
      output: |
        :submitters: none
  :history:
  - :id: 90
    :submitters: []
    :created_at: 2026-11-19 10:00:00.000000000 +01:00
    :results: &1
      tests: []
submission_101:
  :submitters:
  - :name: Rick Roe
    :sid: '13'
    :email: rick@example.edu
  - :name: Una Poe
    :sid:
    :email: una@example.edu
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: &2 2026-11-21 00:00:00.000000000 Z
    time: 2026-11-20 19:00:00.000000000 Z
  :results: *1
"""


def parts_of(handin) -> list[str]:
    return [part.name for part in handin.parts]


def find(root, tmp_path, **options):
    return find_handins(root, scratch=tmp_path / "scratch", **options)


# ------------------------------------------------------------------------------------------------------------------------- Canvas


def test_canvas_files_of_one_user_are_one_work_under_the_names_that_the_student_gave(tmp_path):
    names = ("doejane_4711_90001_batchnorm-1.py", "doejane_4711_90002_dropout.py", "roerick_LATE_4712_90003_work.zip")
    root = make_folder(tmp_path / "in", dict.fromkeys(names, CODE))

    intake = find(root, tmp_path, roster=(DOE, ROE))

    assert intake.layout == "canvas"
    assert [handin.student for handin in intake.handins] == ["jdoe", "rroe"]
    assert [parts_of(handin) for handin in intake.handins] == [["batchnorm.py", "dropout.py"], ["work.zip"]]
    assert [handin.submitted_at for handin in intake.handins] == [None, None]
    assert "1 students that Canvas marks LATE" in intake.problems[0].message


def test_a_canvas_work_is_loaded_under_the_names_that_the_student_gave(tmp_path):
    root = make_folder(tmp_path / "in", {"doejane_4711_90001_batchnorm-1.py": CODE, "doejane_4711_90002_random.py": CODE})

    submission = load_handin(find(root, tmp_path).handins[0])

    assert paths(submission) == ["batchnorm.py"]
    # The refusal is about the student's name for it: Canvas's would be harmless.
    assert [problem.path for problem in submission.problems] == ["random.py"]


def test_a_canvas_name_that_comes_again_begins_an_attempt_that_keeps_the_other_files(tmp_path):
    names = ("doejane_1_100_batchnorm.py", "doejane_1_101_dropout.py", "doejane_1_200_batchnorm-1.py")
    root = make_folder(tmp_path / "in", dict.fromkeys(names, CODE))

    first, second = find(root, tmp_path).handins

    assert [first.attempt, second.attempt] == [1, 2]
    assert {part.path.name for part in first.parts} == set(names[:2])
    assert {part.path.name for part in second.parts} == {names[1], names[2]}
    assert first.source != second.source


def test_notebooks_called_part_1_and_part_2_stay_two(tmp_path):
    root = make_folder(tmp_path / "in", {"doejane_1_100_part-1.ipynb": b"{}", "doejane_1_101_part-2.ipynb": b"{}"})

    assert [parts_of(handin) for handin in find(root, tmp_path).handins] == [["part-1.ipynb", "part-2.ipynb"]]


def test_canvas_puts_a_uuid_where_numbers_run_out(tmp_path):
    root = make_folder(tmp_path / "in", {"doejane_1_100_optim-0f8fad5b-d9cb-469f-a165-70867728950e.py": CODE})

    assert parts_of(find(root, tmp_path).handins[0]) == ["optim.py"]


def test_anonymous_canvas_works_are_told_apart_by_their_code(tmp_path):
    root = make_folder(tmp_path / "in", {"anon_aB3xY_1_a.py": CODE, "LATE_anon_Zz9_2_a.py": CODE})

    assert [handin.student for handin in find(root, tmp_path).handins] == ["anon_Zz9", "anon_aB3xY"]


def test_the_zip_that_canvas_gives_is_opened_and_so_is_a_folder_with_it(tmp_path):
    (tmp_path / "in").mkdir()
    archive = make_zip(tmp_path / "in" / "submissions.zip", {"doejane_1_100_a.py": CODE, "roerick_2_101_a.py": CODE})

    for root in (archive, tmp_path / "in"):
        intake = find(root, tmp_path)
        assert (intake.layout, [handin.student for handin in intake.handins]) == ("canvas", ["1", "2"])
        assert paths(load_handin(intake.handins[0])) == ["a.py"]


def test_a_canvas_user_is_not_found_by_a_plain_id_that_only_looks_like_the_number(tmp_path):
    root = make_folder(tmp_path / "in", {"doejane_4712_1_a.py": CODE})
    plain = (Student(id="4711", name="Jane Doe"), Student(id="4712", name="Rick Roe"))

    intake = find(root, tmp_path, roster=plain)

    assert [handin.student for handin in intake.handins] == ["4711"]


def test_a_stranger_whose_number_is_the_id_of_another_stays_a_stranger(tmp_path):
    root = make_folder(tmp_path / "in", {"poeuna_4712_1_a.py": CODE})
    roster = (Student(id="4712", name="Jane Doe", columns={"Student": "Jane Doe", "ID": "4711", "SIS Login ID": "4712"}),)

    intake = find(root, tmp_path, roster=roster)

    assert [handin.student for handin in intake.handins] == ["4712 (not matched)"]
    assert intake.missing == roster


def test_a_typed_canvas_answer_is_said_to_be_no_file(tmp_path):
    root = make_folder(tmp_path / "in", {"doejane_4711_1_a.py": CODE, "roerick_4712_text.html": b"<p>"})

    intake = find(root, tmp_path, roster=(DOE, ROE))

    assert "typed into Canvas" in intake.problems[0].message
    assert intake.missing == (ROE,)


# ------------------------------------------------------------------------------------------------------------------------- Moodle


@pytest.mark.parametrize("ending", ["_assignsubmission_file_", "_assignsubmission_file"])
def test_moodle_folders_are_works_of_their_participants(tmp_path, ending):
    root = make_folder(tmp_path / "in", {f"Jane Doe_321{ending}/hw/batchnorm.py": CODE, f"Rick Roe_322{ending}/work.zip": b""})
    roster = (Student(id="jdoe", name="Jane Doe", columns={"Identifier": "Participant 321"}), Student(id="rick", name="Rick Roe"))

    intake = find(root, tmp_path, roster=roster)

    assert intake.layout == "moodle"
    assert [handin.student for handin in intake.handins] == ["jdoe", "rick"]
    assert paths(load_handin(intake.handins[0])) == ["hw/batchnorm.py"]


def test_flat_moodle_files_get_their_own_names_back(tmp_path):
    names = ("Jane Doe_321_assignsubmission_file_batchnorm.py", "Jane Doe_321_assignsubmission_file_my_file.py")
    root = make_folder(tmp_path / "in", dict.fromkeys(names, CODE))

    (handin,) = find(root, tmp_path).handins

    assert (handin.student, parts_of(handin)) == ("321", ["batchnorm.py", "my_file.py"])


def test_blind_moodle_works_are_found_by_the_number(tmp_path):
    root = make_folder(tmp_path / "in", {"Participant_321_assignsubmission_file_/a.py": CODE})
    roster = (Student(id="jdoe", name="Jane Doe", columns={"Identifier": "Participant 321"}),)

    assert [handin.student for handin in find(root, tmp_path, roster=roster).handins] == ["jdoe"]


def test_the_number_of_a_moodle_team_is_no_participant(tmp_path):
    root = make_folder(tmp_path / "in", {"Group Alpha_321_assignsubmission_file_/a.py": CODE})
    roster = (Student(id="jdoe", name="Jane Doe", columns={"Identifier": "Participant 321"}),)

    intake = find(root, tmp_path, roster=roster)

    assert [handin.student for handin in intake.handins] == ["321"]
    assert "it may be the work of a team" in intake.problems[0].message


def test_texts_typed_into_moodle_are_counted(tmp_path):
    root = make_folder(
        tmp_path / "in", {"A B_1_assignsubmission_file_/a.py": CODE, "A B_1_assignsubmission_onlinetext_/onlinetext.html": b"<p>"}
    )

    intake = find(root, tmp_path)

    assert len(intake.handins) == 1
    assert "1 texts that were typed into Moodle" in intake.problems[0].message


# --------------------------------------------------------------------------------------------------------------------- Gradescope


def export(tmp_path, metadata=METADATA):
    files = {"submission_metadata.yml": metadata, "submission_100/batchnorm.py": CODE, "submission_101/dropout.py": CODE}
    return make_folder(tmp_path / "assignment_7_export", files)


def test_a_gradescope_export_says_whose_each_work_is_and_when_it_came(tmp_path):
    intake = find(export(tmp_path), tmp_path)

    assert intake.layout == "gradescope"
    # 0012 is text: as a YAML number it would be ten. The student without an id has the email address.
    assert [(one.student, one.source) for one in intake.handins] == [
        ("0012", "submission_100"),
        ("13", "submission_101"),
        ("una@example.edu", "submission_101"),
    ]
    assert intake.handins[0].submitted_at == datetime(2026, 11, 20, 23, 15, 0, 123456, tzinfo=UTC)
    assert intake.handins[1].submitted_at == datetime(2026, 11, 21, tzinfo=UTC)
    assert intake.students[0].name == "Jane Doe"


def test_an_earlier_gradescope_attempt_is_taken_where_its_folder_is_there(tmp_path):
    root = make_folder(export(tmp_path), {"submission_90/batchnorm.py": b"y = 2\n"})

    jane = [handin for handin in find(root, tmp_path).handins if handin.student == "0012"]

    # 10:00 at +01:00 is 09:00 UTC.
    assert [(one.attempt, one.source, one.submitted_at.hour) for one in jane] == [(1, "submission_90", 9), (2, "submission_100", 23)]


def test_a_zipped_gradescope_export_is_opened(tmp_path):
    root = export(tmp_path)
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        for path in sorted(root.rglob("*")):
            archive.write(path, path.relative_to(tmp_path))

    assert len(find(tmp_path / "export.zip", tmp_path).handins) == 3


def test_gradescope_submitters_are_matched_by_email(tmp_path):
    roster = (Student(id="jd", name="J. D.", email="Jane@Example.edu"),)

    intake = find(export(tmp_path), tmp_path, roster=roster)

    assert {handin.student for handin in intake.handins if handin.source == "submission_100"} == {"jd"}


def test_a_gradescope_folder_without_an_entry_is_kept_and_one_without_a_folder_said(tmp_path):
    root = make_folder(tmp_path / "in", {"submission_metadata.yml": METADATA, "submission_100/a.py": CODE, "submission_7/a.py": CODE})

    intake = find(root, tmp_path)

    assert sorted(handin.student for handin in intake.handins) == ["0012", "submission_7"]
    assert sorted(problem.path for problem in intake.problems) == ["submission_101", "submission_7"]


@pytest.mark.parametrize("metadata", [b"", b"- a\n", b"a: [\n", b"\xff\xfe\xfa", b"a: *none\n", b"[" * 500])
def test_broken_gradescope_metadata_is_refused_in_a_sentence(tmp_path, metadata):
    root = make_folder(tmp_path / "in", {"submission_metadata.yml": metadata})

    with pytest.raises(IntakeError):
        find(root, tmp_path)


def test_a_yaml_bomb_of_aliases_is_not_followed(tmp_path):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    bomb = "\n".join(lines) + "\nsubmission_1:\n  :submitters: *a29\n  :history: [[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]\n"

    root = make_folder(tmp_path / "in", {"submission_metadata.yml": bomb.encode(), "submission_1/a.py": CODE})

    assert [handin.student for handin in find(root, tmp_path).handins] == ["submission_1"]


def test_a_yaml_tag_makes_no_object(tmp_path):
    metadata = b"submission_1:\n  :submitters:\n  - :sid: !!python/object/apply:os.system ['touch x']\n    :name: Jane\n"

    root = make_folder(tmp_path / "in", {"submission_metadata.yml": metadata, "submission_1/a.py": CODE})

    (handin,) = find(root, tmp_path).handins

    assert handin.student == "Jane (submission_1)"


def test_two_students_of_one_name_without_ids_stay_two(tmp_path):
    metadata = b"submission_1:\n  :submitters:\n  - :name: Jane\nsubmission_2:\n  :submitters:\n  - :name: Jane\n"
    root = make_folder(tmp_path / "in", {"submission_metadata.yml": metadata, "submission_1/a.py": CODE, "submission_2/a.py": CODE})

    assert [handin.attempt for handin in find(root, tmp_path).handins] == [1, 1]
