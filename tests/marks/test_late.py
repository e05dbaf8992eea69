"""Lateness, worked by hand on calendars and clocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.classwork import LatePolicy, Policy
from grader.marks.late import due_at, instant, kept_after, late_days, late_factor

BERLIN = ZoneInfo("Europe/Berlin")
PRICED = {"percent_per_day": Fraction(10), "grace_days": 2, "cutoff_days": 5}
DEADLINE = datetime(2026, 11, 2, 12, tzinfo=UTC)


def days_late(late, local, *, zone=BERLIN, fold=0, who="ada"):
    return late_days(late, "cube", who, local.replace(tzinfo=zone, fold=fold).astimezone(UTC))


def berlin(deadline, **more):
    return LatePolicy(deadline=instant(deadline, BERLIN), zone="Europe/Berlin", **more)


@pytest.mark.parametrize(
    ("late_by", "days"),
    [
        (timedelta(days=-9), 0),
        (timedelta(0), 0),
        (timedelta(microseconds=1), 1),
        (timedelta(days=1), 1),
        (timedelta(days=1, seconds=1), 2),
        (timedelta(days=400), 400),
    ],
)
def test_a_day_counts_from_its_first_moment_and_the_deadline_itself_is_in_time(late_by, days):
    assert late_days(LatePolicy(deadline=DEADLINE), "cube", "ada", DEADLINE + late_by) == days


# 10 % a day after two free ones, nothing after the fifth.
@pytest.mark.parametrize(("days", "kept"), [(0, "1"), (1, "1"), (2, "1"), (3, "9/10"), (4, "8/10"), (5, "7/10"), (6, "0"), (99, "0")])
def test_grace_days_are_free_and_the_cutoff_ends_everything(days, kept):
    assert kept_after(LatePolicy(**PRICED), days) == Fraction(kept)


def test_nobody_loses_more_than_everything():
    assert kept_after(LatePolicy(percent_per_day=Fraction(30)), 4) == 0


# On 2026-10-25 Berlin's clocks go back from 03:00 to 02:00, so that the day has 25 hours: 24 hours after the deadline they show 17:00.
def test_a_day_of_25_hours_is_one_day():
    late = berlin(datetime(2026, 10, 24, 18))

    assert days_late(late, datetime(2026, 10, 25, 17, 59)) == 1
    assert days_late(late, datetime(2026, 10, 25, 18)) == 1
    assert days_late(late, datetime(2026, 10, 25, 18, 1)) == 2


# On 2026-03-29 they go forward from 02:00 to 03:00: 23 hours after the deadline they show 18:00 again.
def test_a_day_of_23_hours_is_one_day():
    late = berlin(datetime(2026, 3, 28, 18))

    assert days_late(late, datetime(2026, 3, 29, 18)) == 1
    assert days_late(late, datetime(2026, 3, 29, 18, 30)) == 2


def test_without_a_time_zone_a_day_has_24_hours():
    late = LatePolicy(deadline=datetime(2026, 10, 24, 16, tzinfo=UTC))

    assert days_late(late, datetime(2026, 10, 25, 17, 30)) == 2  # 24.5 hours after 18:00 in Berlin


def test_a_deadline_is_a_moment_whatever_clock_the_student_has():
    late = berlin(datetime(2026, 7, 1, 23, 59))  # 21:59 UTC, 17:59 in New York, 05:59 in Shanghai on the next day

    assert days_late(late, datetime(2026, 7, 1, 17, 59), zone=ZoneInfo("America/New_York")) == 0
    assert days_late(late, datetime(2026, 7, 1, 18), zone=ZoneInfo("America/New_York")) == 1
    assert days_late(late, datetime(2026, 7, 2, 5, 59), zone=ZoneInfo("Asia/Shanghai")) == 0


def test_an_hour_that_comes_twice_ends_the_second_time():
    late = berlin(datetime(2026, 10, 25, 2, 30))  # 00:30 UTC in summer time, 01:30 UTC in winter time

    assert late.deadline == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_an_hour_that_never_comes_ends_at_the_later_of_the_two_that_are_meant():
    late = berlin(datetime(2026, 3, 29, 2, 30))  # as in winter time 01:30 UTC (03:30 on the clock), as in summer time 00:30 UTC

    assert late.deadline == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_an_extension_is_of_days_on_the_clock_too():
    late = berlin(datetime(2026, 10, 24, 18), extensions={"ada": 2})  # 16:00 UTC in summer time; two days later 17:00 UTC

    assert due_at(late, "cube", "ada") == datetime(2026, 10, 26, 17, tzinfo=UTC)
    assert due_at(late, "cube", "ben") == datetime(2026, 10, 24, 16, tzinfo=UTC)


def test_an_extension_for_one_exercise_moves_no_other():
    late = LatePolicy(deadline=DEADLINE, exercise_extensions={"ada": {"cube": 2}})

    due = [due_at(late, exercise, who) - DEADLINE for exercise, who in (("cube", "ada"), ("root", "ada"), ("cube", "ben"))]

    assert due == [timedelta(days=2), timedelta(0), timedelta(0)]


# Days for all exercises, days for this one, and a date so many days after the deadline.
@pytest.mark.parametrize(
    ("all_days", "own_days", "date", "latest"), [(3, 1, 2, 3), (1, 3, 2, 3), (1, 2, 3, 3), (0, 0, -5, 0), (0, 0, 4, 4)]
)
def test_of_several_extensions_the_one_that_ends_last_holds(all_days, own_days, date, latest):
    late = LatePolicy(
        deadline=DEADLINE,
        extensions={"ada": all_days},
        exercise_extensions={"ada": {"cube": own_days}},
        due_dates={"ada": {"cube": DEADLINE + timedelta(days=date)}},
    )

    assert due_at(late, "cube", "ada") == DEADLINE + timedelta(days=latest)


def test_a_date_for_a_student_makes_no_deadline_where_there_is_none():
    assert due_at(LatePolicy(due_dates={"ada": {"cube": DEADLINE}}), "cube", "ada") is None


def test_grace_comes_on_top_of_an_extension():
    policy = Policy(late=LatePolicy(deadline=DEADLINE, extensions={"ada": 1}, **PRICED))

    assert late_factor(policy, "cube", "ada", DEADLINE + timedelta(days=4)) == (3, Fraction(9, 10))
    assert late_factor(policy, "cube", "ben", DEADLINE + timedelta(days=4)) == (4, Fraction(8, 10))


def test_an_exercise_has_its_own_deadline_where_it_has_one():
    late = LatePolicy(deadline=DEADLINE, deadlines={"root": DEADLINE + timedelta(days=7)})

    assert late_days(late, "cube", "ada", DEADLINE + timedelta(days=7)) == 7
    assert late_days(late, "root", "ada", DEADLINE + timedelta(days=7)) == 0


@pytest.mark.parametrize("late", [LatePolicy(**PRICED), LatePolicy(deadline=DEADLINE, **PRICED)])
def test_what_has_no_deadline_or_no_time_is_not_late(late):
    submitted = DEADLINE + timedelta(days=99) if late.deadline is None else None

    assert late_factor(Policy(late=late), "cube", "ada", submitted) == (0, 1)


# A git clone is dated by its author, who may write anything.
@pytest.mark.parametrize("time", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_a_clock_at_the_end_of_the_calendar_breaks_nothing(time):
    late = berlin(datetime(2026, 10, 24, 18), **PRICED)

    assert late_factor(Policy(late=late), "cube", "ada", time)[1] in (0, 1)


def test_a_whole_day_that_a_country_skipped_is_no_trap():
    # Samoa went from 2011-12-29 to 2011-12-31. Noon of the 30th never came; both readings of it are on the 29th and 31st there.
    late = LatePolicy(deadline=instant(datetime(2011, 12, 29, 12), ZoneInfo("Pacific/Apia")), zone="Pacific/Apia")

    assert days_late(late, datetime(2011, 12, 31, 12), zone=ZoneInfo("Pacific/Apia")) in (1, 2)
    assert days_late(late, datetime(2012, 1, 2, 12), zone=ZoneInfo("Pacific/Apia")) == 4


zones = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"])
moments = st.datetimes(datetime(2009, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
lates = st.builds(
    LatePolicy,
    deadline=moments,
    percent_per_day=st.fractions(0, 100, max_denominator=8),
    grace_days=st.integers(0, 3),
    cutoff_days=st.none() | st.integers(3, 9),
    extensions=st.dictionaries(st.just("ada"), st.integers(0, 30)),
    exercise_extensions=st.dictionaries(st.just("ada"), st.dictionaries(st.just("cube"), st.integers(0, 30))),
    due_dates=st.dictionaries(st.just("ada"), st.dictionaries(st.just("cube"), moments)),
    zone=zones,
)


@given(lates, moments, st.timedeltas(timedelta(0), timedelta(days=40)))
def test_who_hands_in_later_never_keeps_more_and_nobody_keeps_less_than_nothing(late, time, later):
    (first_days, first), (second_days, second) = (late_factor(Policy(late=late), "cube", "ada", at) for at in (time, time + later))

    assert 0 <= second <= first <= 1
    assert first_days <= second_days


@given(lates, moments)
def test_a_longer_extension_never_costs_anything(late, time):
    longer = replace(late, extensions={"ada": late.extensions.get("ada", 0) + 1})

    assert late_factor(Policy(late=longer), "cube", "ada", time)[1] >= late_factor(Policy(late=late), "cube", "ada", time)[1]
