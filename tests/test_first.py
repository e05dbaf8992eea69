"""The first thing to mend stands on top, and what waits for it is skipped with the reason, said once."""

from __future__ import annotations

import pytest

from grader.catalog import load_course
from grader.grading import Grader, grade_submission
from grader.model import Diagnosis, Evidence, Finding, Limits, News, Rung, Verdict, View, Visibility
from grader.report.first import first_to_mend
from grader.report.text import render_text
from tests.cards import OFF, RAISED, make_card, make_check, make_exercise, make_function
from tests.loop import EXPLAIN, RIGHT, STUB, WRONG, other

QUICK = Limits(call_s=0.5)
BACKWARD = RIGHT[RIGHT.index("def cube_backward") :]


@pytest.fixture(scope="module")
def grader(two_exercises):
    return Grader(load_course(two_exercises))


@pytest.fixture
def grade(grader, sandbox, submit):
    def run(**files):
        return grade_submission(submit(**files), sandbox, grader=grader, limits=QUICK)

    return run


def forward(body):
    return f"import numpy as np\n\ndef cube_forward(x, scale=1.0):\n    {body}\n\n\n{BACKWARD}"


def text(card, **options):
    return render_text(card, view=View.STUDENT, **options)


def verdicts(card, name):
    return {check.verdict for one in card.exercises for function in one.functions if function.name == name for check in function.checks}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("raise NotImplementedError", "cube_forward is not implemented yet."),
        ("raise ValueError", "cube_forward raised ValueError at power.py, line 4."),
        ("return x.shape[5]", "cube_forward raised IndexError at power.py, line 4."),
        ("while True: pass", "cube_forward did not return within 0.5 s: look for a loop that never ends."),
    ],
)
def test_a_backward_pass_waits_for_a_forward_pass_that_gives_nothing(grade, body, reason):
    card = grade(power=forward(body))

    assert verdicts(card, "cube_backward") == {Verdict.SKIPPED}
    shown = " ".join(text(card, width=200).split())
    assert shown.count("This needs cube_forward, which gave no result:") == 1
    assert f"This needs cube_forward, which gave no result: {reason}" in shown


def test_a_backward_pass_of_a_wrong_forward_pass_is_judged(grade):
    assert Verdict.SKIPPED not in verdicts(grade(power=WRONG), "cube_backward")


def test_a_stub_is_not_written_rather_than_waiting(grade):
    assert verdicts(grade(power=STUB), "cube_backward") == {Verdict.NOT_IMPLEMENTED}


def test_what_ends_a_function_is_told_once(grade):
    lines = text(grade(power=forward("raise ValueError")), width=200).splitlines()

    assert len([line for line in lines if line.strip() == "cube_forward raised ValueError at power.py, line 4."]) == 1
    assert any("more for the same reason" in line for line in lines)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"power": WRONG, "root": other(WRONG)}, "cube_forward (power.py) fails the check “scales the cube”"),
        ({"power": STUB, "root": other(WRONG)}, "root_forward (root.py) fails the check “"),
        ({"power": WRONG, "root": "def root_forward(:\n"}, "root.py cannot be loaded: line 1: SyntaxError"),
        (
            {"power": STUB, "root": other(forward("raise NotImplementedError"))},
            "root_forward (root.py) is not implemented yet; root_backward",
        ),
        ({"power": forward("raise NotImplementedError")}, "cube_forward (power.py) is not implemented yet; cube_backward waits for it"),
        ({"power": STUB}, "cube_forward (power.py) is not implemented yet"),
        ({"root": other(STUB)}, "root_forward (root.py) is not implemented yet"),
        ({"root": other(RIGHT)}, "There is no power.py in the submission."),
    ],
    ids=[
        "order of the course",
        "wrong before open",
        "unloadable",
        "waited for before open",
        "cause",
        "open",
        "begun before missing",
        "missing",
    ],
)
def test_the_first_line_names_the_first_thing_to_mend(grade, files, words):
    assert text(grade(**files), width=200).startswith(f"first: {words}")


def test_who_has_full_marks_has_nothing_to_mend(grade):
    card = grade(power=RIGHT, root=other(RIGHT))

    assert first_to_mend(card) is None
    assert "first:" not in text(card)


def test_an_instructor_mends_nothing(grade):
    assert "first:" not in render_text(grade(power=WRONG), view=View.INSTRUCTOR)


def test_what_waits_for_something_that_was_not_graded_is_named_itself(two_exercises, sandbox, submit):
    alone = Grader(load_course(two_exercises), frozenset({"cube_backward"}))

    card = grade_submission(submit(power=forward("raise ValueError")), sandbox, grader=alone, exercises=("power",), limits=QUICK)

    first = first_to_mend(card)
    assert first is not None
    assert first.function == "cube_backward"
    assert "This needs cube_forward" in first.sentence


def test_a_fault_of_ours_is_nothing_to_mend():
    ours = Finding(rung=Rung.LAW, message="This check broke down.", verdict=Verdict.GRADER_ERROR)
    function = make_function(make_check(verdict=Verdict.GRADER_ERROR, finding=ours), verdict=Verdict.GRADER_ERROR)

    assert first_to_mend(make_card(make_exercise(function, verdict=Verdict.GRADER_ERROR))) is None


def test_nothing_of_a_submission_can_paint_the_first_line():
    hostile = Finding(rung=Rung.RETURNED, message="\x1b[2Jall is well", verdict=Verdict.RUNTIME_ERROR)
    function = make_function(make_check(verdict=Verdict.RUNTIME_ERROR, finding=hostile), verdict=Verdict.RUNTIME_ERROR)

    assert "\x1b" not in text(make_card(make_exercise(function, path="\x1b[2J.py")))


def test_of_one_exception_the_check_is_shown_whose_words_may_be_read():
    raised = {"verdict": Verdict.RUNTIME_ERROR, "finding": RAISED}
    public = make_check(title="agrees with the example", visibility=Visibility.PUBLIC, max_points=0, **raised)
    function = make_function(make_check(**raised), make_check(**raised), public, verdict=Verdict.RUNTIME_ERROR)

    shown = text(make_card(make_exercise(function, verdict=Verdict.RUNTIME_ERROR)), width=120)

    assert "✗ agrees with the example" in shown
    assert "IndexError: too many indices for array" in shown
    assert "2 more for the same reason" in shown


def test_a_check_that_only_informs_says_that_it_is_worth_no_points():
    shown = text(make_card(make_exercise(make_function(make_check(max_points=0), make_check(title="keeps the sign")))))

    assert [line.split()[-2:] for line in shown.splitlines() if "cubes every element" in line and "✗" in line] == [["no", "points"]]


def test_of_a_public_check_the_numbers_are_told_in_a_sentence():
    shown = text(make_card(make_exercise(make_function(make_check(visibility=Visibility.PUBLIC)))), width=200)

    assert "At [1, 2] your value is 1.5, and the expected value is 1.0899269 (this check is public, so its numbers are shown)." in shown
    assert "1.0899" not in text(make_card(make_exercise(make_function(make_check()))))


def test_two_numbers_are_told_with_as_many_digits_as_they_differ_in():
    near = {**OFF.facts, "got": 1.0000000012, "expected": 1.0}
    check = make_check(visibility=Visibility.PUBLIC, finding=Finding(rung=Rung.VALUE, message="off", facts=near))

    assert "your value is 1.0000000012, and the expected value is 1 (" in text(make_card(make_exercise(make_function(check))), width=200)


def test_a_cause_that_is_not_known_leads_to_a_hint():
    facts = Diagnosis(mistake="", explanation="out is wrong in every test.", evidence=Evidence.NOT_RECOGNISED)
    card = make_card(make_exercise(make_function(make_check(), diagnoses=(facts,))))

    shown = text(card, width=200)

    assert "The grader does not know the cause. out is wrong in every test." in shown
    assert "or type: grade hint cube_forward\n" in shown
    # Elsewhere than in one's own folder there is no hint to be had.
    assert "grade hint" not in text(card, path="power.py")


def test_who_is_right_for_a_forward_pass_of_their_own_has_nothing_to_correct():
    credited = make_check(verdict=Verdict.ACCEPTED, points=2, follow_through="It is the right gradient of your own cube_forward.")
    example = make_check(title="agrees with the example", visibility=Visibility.PUBLIC, max_points=0)
    card = make_card(make_exercise(make_function(credited, example, name="cube_backward")))

    shown = text(card)

    assert first_to_mend(card) is None
    assert "✓ cube_backward" in shown
    assert "It is the right gradient of your own cube_forward." in shown
    assert "agrees with the example" not in shown
    assert "✗ agrees with the example" in text(card, verbose=True)


def test_a_note_about_a_file_does_not_hide_what_its_functions_do():
    card = make_card(make_exercise(make_function(make_check()), message="power.py, line 9 was left out."))

    assert "✗ cubes every element" in text(card)


def test_many_completed_modules_are_named_and_not_explained():
    news = News(completed={f"module{number}": EXPLAIN for number in range(4)})

    shown = text(make_card(), news=news)

    assert "✓ 4 modules are complete. `grade show NAME` says what you can now explain." in shown
    assert EXPLAIN[0] not in shown
    assert "module1" not in shown


def test_a_function_that_calls_one_that_is_not_written_waits_for_it(default_course, sandbox, submit):
    text = (
        "def batchnorm_forward(x, gamma, beta, bn_param):\n    raise NotImplementedError\n\n"
        "def spatial_batchnorm_forward(x, gamma, beta, bn_param):\n    return batchnorm_forward(x, gamma, beta, bn_param)\n"
    )

    card = grade_submission(submit(batchnorm=text), sandbox, grader=Grader(default_course), exercises=("batchnorm",))

    spatial = next(one for one in card.exercises[0].functions if one.name == "spatial_batchnorm_forward")
    assert spatial.verdict is Verdict.SKIPPED
    assert {check.finding.needs for check in spatial.checks} == {"batchnorm_forward"}
    assert first_to_mend(card).sentence.startswith("batchnorm_forward (batchnorm.py) is not implemented yet; ")
