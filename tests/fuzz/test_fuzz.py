"""What fuzzing has found stays found, and a little more is looked for with every run; benchmarks/fuzz.py looks for as long as one likes."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random

import pytest

from grader.checks.answers import parse_answer
from grader.model import Verdict
from grader.sandbox.inside import codec
from tests.fuzz import watching
from tests.fuzz.courses import COURSES, RECORDS, Kept
from tests.fuzz.courses import Given as OfACourse
from tests.fuzz.grown import GROWN
from tests.fuzz.replies import LARGE, REPLIES, Given, calls
from tests.fuzz.submissions import SUBMISSIONS
from tests.fuzz.watching import Broken, Target, run, try_one

CORPUS = Path(__file__).parent / "corpus"
# How fast the readers are is for benchmarks/fuzz.py to say; what once took minutes is noticed on the slowest machine.
PATIENT_S = 10.0
# A few seconds each.
BOUNDED = {REPLIES: 2500, SUBMISSIONS: 700, COURSES: 400, RECORDS: 1500}


def kept(folder: str) -> list[Path]:
    return sorted((CORPUS / folder).iterdir())


@pytest.mark.parametrize("target", BOUNDED, ids=lambda target: target.name)
def test_nothing_is_found_among_the_first_inputs(target):
    tried, found = run(target, range(BOUNDED[target]), seed=0, most_s=PATIENT_S)

    assert tried == BOUNDED[target]
    assert [(one.number, one.place, one.what) for one in found] == []


@pytest.mark.parametrize("path", kept("replies"), ids=lambda path: path.name)
def test_a_reply_that_once_broke_something_is_read_and_judged(path):
    exercise = path.name.partition(".")[0]
    raw = path.read_bytes()
    asked = [one for some in calls() for one in some if one.plan.exercise.name == exercise and len(one.honest) <= LARGE]

    found = [try_one(REPLIES, Given(raw=raw, asked=one), most_s=PATIENT_S) for one in asked[:400]]

    assert asked
    assert [one for one in found if one is not None] == []


@pytest.mark.parametrize("name", GROWN)
def test_a_submission_that_once_took_too_long_is_read_soon(name):
    assert try_one(SUBMISSIONS, GROWN[name](), most_s=PATIENT_S) is None


@pytest.mark.parametrize("path", kept("courses"), ids=lambda path: path.name)
def test_a_course_that_once_gave_a_traceback_gives_a_sentence(path):
    given = OfACourse(which=path.name.partition(".")[0], text=path.read_bytes())

    assert try_one(COURSES, given, most_s=PATIENT_S) is None


@pytest.mark.parametrize("path", kept("records"), ids=lambda path: path.name)
def test_a_record_that_once_broke_something_is_refused(path):
    assert try_one(RECORDS, Kept(kind=path.name.partition(".")[0], data=path.read_bytes()), most_s=PATIENT_S) is None


@pytest.mark.parametrize("place", range(1, 7))
def test_a_description_that_holds_a_list_is_a_forgery_and_is_never_printed(place):
    description = ["raised", "ValueError", "a message", "a.py", 3, "f", 0]
    description[place] = [1.5]

    answer = parse_answer(calls()[0][0].call, codec.encode(tuple(description)), lambda raised: raised)

    assert answer.missing.verdict is Verdict.SECURITY_VIOLATION


def test_a_reader_that_raises_is_found_with_its_number_and_place():
    def read(given):
        if given == 7:
            raise Broken("seven")

    target = Target(name="sevens", draw=lambda rng: rng.randrange(10), read=read)

    tried, found = run(target, range(100), seed=0)

    assert tried == 100
    assert [one.what for one in found] == ["seven"]
    assert target.draw(Random(f"0/{found[0].number}")) == 7


def test_a_reader_that_is_slow_is_found(monkeypatch):
    monkeypatch.setattr(watching, "MOST_S", 0.01)

    def read(_given):
        end = time.process_time() + 0.02
        while time.process_time() < end:
            pass

    assert try_one(Target(name="slow", draw=lambda _rng: None, read=read), None, most_s=watching.MOST_S).place == "slow"
