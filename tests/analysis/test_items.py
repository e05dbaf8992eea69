"""What a class says about its checks: counted one student after another, and the same as counted at once."""

from __future__ import annotations

import dataclasses
import math
import random

import pytest
from scipy.stats import pointbiserialr

from grader.analysis.items import Attention, ClassAnalysis, Item
from grader.model import CheckOutcome, Diagnosis, Evidence, ExerciseOutcome, FunctionOutcome, Verdict
from tests.marks.worlds import outcome

MEAN = Diagnosis(mistake="mean", explanation="the mean is taken.")
ROOT = Diagnosis(mistake="root", explanation="the root is forgotten.")
BOTH = Diagnosis(mistake="mean + root", explanation="the mean is taken. And: the root is forgotten.", evidence=Evidence.TWO_MISTAKES)


def analysed(*answers):
    """A class of one exercise with a function for each letter of an answer."""
    analysis = ClassAnalysis()
    for number, letters in enumerate(answers):
        analysis.add(f"s{number:03}", [function_each(letters)])
    return analysis


def function_each(letters):
    verdicts = {"+": Verdict.ACCEPTED, "-": Verdict.WRONG_ANSWER, "o": Verdict.NOT_IMPLEMENTED, "?": Verdict.SKIPPED}
    functions = tuple(
        FunctionOutcome(function=f"f{number}", checks=(CheckOutcome(check="value", verdict=verdicts[letter]),))
        for number, letter in enumerate(letters)
    )
    return ExerciseOutcome(exercise="cube", path="cube.py", functions=functions)


def diagnosed(*diagnoses):
    one = outcome("root", "--")
    return dataclasses.replace(one, functions=(dataclasses.replace(one.functions[0], diagnoses=diagnoses),))


def item(**changes):
    known = {"exercise": "cube", "function": "f", "check": "value", "students": 40, "tried": 40, "passed": 20, "discrimination": 0.5}
    return Item(**{**known, **changes})


def test_discrimination_is_the_correlation_worked_by_hand():
    # Five pass f0, with 1, 1, 1, 1, 0 in the rest; five fail it, with 1, 0, 0, 0, 0. Then p = 1/2, the rest has mean 1/2 and deviation
    # 1/2, and those who pass have 4/5: (4/5 - 1/2) * 1/2 / (1/2 * 1/2) = 0.6.
    first, second = analysed("++", "++", "++", "++", "+-", "-+", "--", "--", "--", "--").items()

    assert first.discrimination == pytest.approx(0.6)
    assert second.discrimination == pytest.approx(0.6)
    assert (first.tried, first.passed, first.difficulty) == (10, 5, 0.5)


@pytest.mark.parametrize("seed", range(5))
def test_discrimination_is_what_scipy_computes_from_all_at_once(seed):
    draw = random.Random(seed)
    answers = ["".join(draw.choices("+-", weights=(able, 1 - able), k=6)) for able in (draw.random() for _ in range(200))]

    for number, found in enumerate(analysed(*answers).items()):
        passed = [answer[number] == "+" for answer in answers]
        rest = [(answer[:number] + answer[number + 1 :]).count("+") / 5 for answer in answers]
        assert found.discrimination == pytest.approx(pointbiserialr(passed, rest).statistic, abs=1e-9)


def test_who_has_not_begun_a_function_has_not_tried_its_checks():
    first, second = analysed("+o", "+-", "-+").items()

    assert (first.students, first.tried) == (3, 3)
    assert (second.students, second.tried, second.passed) == (3, 2, 1)


def test_what_waits_for_another_function_is_no_answer():
    analysis = ClassAnalysis()
    checks = (CheckOutcome(check="shape", verdict=Verdict.WRONG_ANSWER), CheckOutcome(check="value", verdict=Verdict.SKIPPED))
    analysis.add("ada", [ExerciseOutcome(exercise="cube", path="cube.py", functions=(FunctionOutcome(function="f", checks=checks),))])

    shape, value = analysis.items()

    assert (shape.tried, value.tried, value.difficulty) == (1, 0, None)


@pytest.mark.parametrize("answers", [["++"] * 30, ["-+"] * 30, ["++", "--"] * 4], ids=["all pass", "none pass", "too few"])
def test_there_is_no_discrimination_where_it_would_mean_nothing(answers):
    assert analysed(*answers).items()[0].discrimination is None


def test_a_fault_of_the_grader_is_no_answer():
    analysis = ClassAnalysis()
    analysis.add("ada", [outcome("root", "!!")])

    assert analysis.items() == ()
    assert analysis.standings() == ()


@pytest.mark.parametrize(
    ("changes", "attention"),
    [
        ({"discrimination": -0.1}, Attention.REVERSED),
        ({"passed": 0, "discrimination": None}, Attention.NOBODY),
        ({"discrimination": 0.1}, Attention.WEAK),
        ({"passed": 6, "discrimination": 0.4}, Attention.HARD),
        ({}, Attention.NONE),
        # Three who fail can hardly correlate with anything.
        ({"passed": 37, "discrimination": 0.1}, Attention.NONE),
        ({"tried": 4, "passed": 0, "discrimination": None}, Attention.NONE),
    ],
)
def test_a_check_is_pointed_at_for_a_reason(changes, attention):
    assert item(**changes).attention is attention


def test_where_the_class_stands_names_who_is_stuck():
    first, second = analysed("++", "+-", "+o").standings()

    assert (first.accepted, first.begun, first.stuck) == (3, 3, ())
    assert (second.accepted, second.begun, second.students, second.stuck) == (1, 2, 3, ("s001",))


def test_of_two_mistakes_at_once_each_counts():
    analysis = ClassAnalysis()
    analysis.add("ada", [diagnosed(BOTH)])
    analysis.add("bo", [diagnosed(MEAN)])
    analysis.add("cy", [diagnosed(ROOT)])
    analysis.add("di", [diagnosed(MEAN)])

    mean, root = analysis.mistakes()

    assert (mean.name, mean.students, mean.explanation) == ("mean", ("ada", "bo", "di"), "the mean is taken.")
    assert (root.name, root.students, root.explanation) == ("root", ("ada", "cy"), "the root is forgotten.")
    assert {mean.evidence, root.evidence} == {Evidence.KNOWN_MISTAKE}


def test_a_mistake_seen_only_beside_another_has_its_own_explanation_if_the_course_knows_it():
    analysis = ClassAnalysis({("root", "root", "mean"): "the mean is taken, as the course says."})
    analysis.add("ada", [diagnosed(BOTH)])

    assert [one.explanation for one in analysis.mistakes()] == ["the mean is taken, as the course says.", BOTH.explanation]


def test_a_student_counts_once_for_a_mistake_and_what_is_not_recognised_not_at_all():
    analysis = ClassAnalysis()
    unknown = Diagnosis(mistake="", explanation="Who knows.", evidence=Evidence.NOT_RECOGNISED)
    analysis.add("ada", [diagnosed(MEAN, MEAN, unknown)])

    assert [(one.name, one.students) for one in analysis.mistakes()] == [("mean", ("ada",))]


def test_sums_stay_exact_for_a_large_class():
    # 10,000 students of whom one in two passes both: the correlation is 1.
    (found, _other) = analysed(*["++", "--"] * 5000).items()

    assert math.isclose(found.discrimination, 1, rel_tol=1e-9)
