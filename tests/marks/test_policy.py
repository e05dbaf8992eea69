"""The table [grading] of a course, and its words on a command line."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from fractions import Fraction

import pytest

from grader.classwork import Attempts, LatePolicy, Policy
from grader.errors import CourseError
from grader.marks import parse_late, policy_with, read_policy

EXERCISES = ("cube", "root")
FULL = """
attempts = "best"
timezone = "Europe/Berlin"
deadline = 2026-10-24T23:59:59
late = "10%/day, 2 days grace, cutoff 5"
[deadlines]
root = 2026-12-01T12:00:00Z
[weights]
cube = 2
root = "1/3"
[extensions]
ada = 3
"""


def read(text):
    return read_policy(tomllib.loads(text), EXERCISES)


def test_all_of_a_table_is_read():
    policy = read(FULL)

    assert policy == Policy(
        attempts=Attempts.BEST,
        late=LatePolicy(
            deadline=datetime(2026, 10, 24, 21, 59, 59, tzinfo=UTC),  # Berlin is two hours ahead until the 25th
            deadlines={"root": datetime(2026, 12, 1, 12, tzinfo=UTC)},
            percent_per_day=Fraction(10),
            grace_days=2,
            cutoff_days=5,
            extensions={"ada": 3},
            zone="Europe/Berlin",
        ),
        weights={"cube": Fraction(2), "root": Fraction(1, 3)},
    )


def test_no_table_is_the_plainest_policy():
    assert read("") == Policy()


def test_decimals_are_what_was_written():
    policy = read("late = {percent_per_day = 12.5}\nweights = {cube = 0.1}")

    assert policy.late.percent_per_day == Fraction(25, 2)
    assert policy.weights == {"cube": Fraction(1, 10)}


@pytest.mark.parametrize(
    ("text", "percent", "grace", "cutoff"),
    [
        ("10%/day, 2 days grace, cutoff 5", "10", 2, 5),
        ("10 % per day", "10", 0, None),
        ("Cutoff after 3 days, 1 day of grace, 2.5% a day", "5/2", 1, 3),
        ("grace 2", "0", 2, None),
        ("none", "0", 0, None),
    ],
)
def test_a_late_policy_can_be_said_in_words(text, percent, grace, cutoff):
    late = parse_late(text, LatePolicy(percent_per_day=Fraction(99), extensions={"ada": 1}))

    assert (late.percent_per_day, late.grace_days, late.cutoff_days) == (Fraction(percent), grace, cutoff)
    assert late.extensions == {"ada": 1}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("atempts = 'best'", "'atempts'"),
        ("attempts = 'first'", "last or best"),
        ("deadline = 2026-10-24", "with a time"),
        ("deadline = 2026-10-24T12:00:00", "time zone"),
        ("deadline = 0001-01-01T00:00:00Z", "the year 1"),
        ("timezone = 'Europe/Atlantis'", "Atlantis"),
        ("timezone = '../../etc/passwd'", "not known"),
        ("timezone = 3", "not known"),
        ("late = 'a little'", "a little"),
        ("late = '10%/day, 20%/day'", "twice"),
        ("late = {per_day = 10}", "'per_day'"),
        ("late = {percent_per_day = 101}", "at most 100"),
        ("late = {percent_per_day = -1}", "-1"),
        ("late = {percent_per_day = nan}", "nan"),
        ("late = {grace_days = 1.5}", "a whole number"),
        ("late = {grace_days = true}", "True"),
        ("late = {grace_days = 3, cutoff_days = 2}", "before the end of grace"),
        ("late = 3", "3"),
        ("weights = {cub = 2}", "Did you mean cube?"),
        ("weights = {cube = '1/0'}", "1/0"),
        ("weights = {cube = -2}", "-2"),
        ("deadlines = 3", "must be a table"),
        ("extensions = {ada = -1}", "-1"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_a_sentence(text, said):
    with pytest.raises(CourseError) as caught:
        read(text)

    assert said in f"{caught.value} {caught.value.remedy}"


def test_a_command_line_comes_before_the_course():
    policy = policy_with(read(FULL), attempts="last", late="none", deadline="2026-11-30T12:00")

    assert policy.attempts is Attempts.LAST
    assert policy.late.percent_per_day == 0
    assert policy.late.deadline == datetime(2026, 11, 30, 11, tzinfo=UTC)  # Berlin is one hour ahead in winter
    assert policy.late.deadlines == {}
    assert policy.late.extensions == {"ada": 3}


def test_what_a_command_line_leaves_out_stays():
    assert policy_with(read(FULL)) == read(FULL)


@pytest.mark.parametrize("deadline", ["tomorrow", "2026-11-30", "2026-11-30T12:00"])
def test_a_deadline_without_time_or_zone_is_refused(deadline):
    with pytest.raises(CourseError):
        policy_with(Policy(), deadline=deadline)
