"""What `grade demo` says of each submission, in one line."""

from __future__ import annotations

from pathlib import Path

from grader.batch import Graded
from grader.commands.demo import what_happened
from grader.model import Diagnosis, Evidence, Verdict
from tests.cards import make_card, make_check, make_exercise, make_function


def told(explanation: str, evidence: Evidence) -> str:
    function = make_function(make_check(), diagnoses=(Diagnosis(mistake="", explanation=explanation, evidence=evidence),))
    card = make_card(make_exercise(function), verdict=Verdict.WRONG_ANSWER)
    return what_happened(Graded(path=Path("ada"), card=card))


def test_a_known_mistake_is_named():
    assert told("x is squared, not cubed.", Evidence.KNOWN_MISTAKE) == "cube_forward: x is squared, not cubed."


def test_two_mistakes_are_told_as_two():
    assert told("x is squared, and halved.", Evidence.TWO_MISTAKES) == "cube_forward: two mistakes at once: x is squared, and halved."


def test_facts_are_not_told_as_an_explanation():
    line = told("The first row is right.", Evidence.NOT_RECOGNISED)

    assert line == "cube_forward: 6 of 6 values are off, by up to 0.41 at [1, 2]."
