"""Marks from hand-ins, outcomes, a policy and overrides: numbers worked by hand, and laws that hold of every class."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from grader.catalog import load_checks, load_course
from grader.classwork import Attempts, LatePolicy, Policy
from grader.marks.marking import mark_class, points_of, scored, worth
from grader.model import CheckOutcome, ExerciseOutcome, FunctionOutcome, Verdict
from grader.scoring import score_exercise
from tests.marks.worlds import DEADLINE, POINTS, handin, only, outcome, override, record, recorded, student

ADA = (student("ada"),)
PRICED = LatePolicy(deadline=DEADLINE, percent_per_day=Fraction(10), cutoff_days=5)
BEST = Policy(attempts=Attempts.BEST, late=PRICED)
LAST = Policy(late=PRICED)


def days(count):
    return timedelta(days=count)


def cube(handins, records, *, policy=LAST, overrides=()):
    return only(mark_class(ADA, handins, recorded(*records), POINTS, policy, overrides), "ada", "cube")


def test_points_are_those_of_the_accepted_checks():
    mark = cube([handin(1, "ada", "a", at=days(-1))], [record("a", "cube", "++-")])

    assert (mark.points, mark.max_points, mark.final) == (5, 10, 5)
    assert (mark.handin, mark.record, mark.pending) == (1, "a:cube", False)


def test_a_late_day_takes_its_share():
    mark = cube([handin(1, "ada", "a", at=days(2))], [record("a", "cube", "-++")])  # 9 points, 2 days at 10 %

    assert (mark.points, mark.late_days, mark.late_factor, mark.final) == (9, 2, Fraction(4, 5), Fraction(36, 5))


def test_who_hands_nothing_in_has_nothing_of_everything():
    marks = mark_class(ADA, [], {}, POINTS, LAST)

    assert [(mark.exercise, mark.final, mark.max_points, mark.handin, mark.pending) for mark in marks] == [
        ("cube", 0, 10, None, False),
        ("root", 0, 5, None, False),
    ]


def test_who_is_not_on_the_roster_is_marked_after_it():
    handins = [handin(1, "zoe", "a"), handin(2, "eve", "a")]

    marks = mark_class(ADA, handins, recorded(record("a", "cube", "+++")), POINTS, LAST)

    assert list(dict.fromkeys(mark.student for mark in marks)) == ["ada", "eve", "zoe"]


def test_the_last_attempt_counts_even_if_it_is_worse():
    handins = [handin(1, "ada", "a", at=days(-2)), handin(2, "ada", "b", at=days(-1), attempt=2)]

    mark = cube(handins, [record("a", "cube", "+++"), record("b", "cube", "+--")])

    assert (mark.handin, mark.final) == (2, 1)


def test_the_best_attempt_is_the_one_with_the_best_mark_after_lateness():
    handins = [handin(1, "ada", "a", at=days(0)), handin(2, "ada", "b", at=days(3), attempt=2)]

    mark = cube(handins, [record("a", "cube", "-++"), record("b", "cube", "+++")], policy=BEST)  # 9, and 10 × 70 % = 7

    assert (mark.handin, mark.final) == (1, 9)


def test_what_comes_after_the_cutoff_replaces_nothing():
    handins = [handin(1, "ada", "a", at=days(1)), handin(2, "ada", "b", at=days(9), attempt=2)]

    mark = cube(handins, [record("a", "cube", "+++"), record("b", "cube", "+++")])

    assert (mark.handin, mark.final) == (1, 9)


def test_what_comes_only_after_the_cutoff_gives_nothing_and_waits_for_nothing():
    mark = cube([handin(1, "ada", "a", at=days(9))], [])

    assert (mark.handin, mark.final, mark.late_factor, mark.pending) == (1, 0, 0, False)


def test_what_was_withdrawn_does_not_count():
    handins = [handin(1, "ada", "a"), handin(2, "ada", "b", attempt=2, current=False)]

    assert cube(handins, [record("a", "cube", "+--"), record("b", "cube", "+++")]).handin == 1


def test_what_nobody_can_read_gives_nothing_and_is_not_pending():
    mark = cube([handin(1, "ada", None, error="It is no zip.")], [])

    assert (mark.final, mark.max_points, mark.record, mark.pending) == (0, 10, "", False)


def test_a_missing_outcome_is_pending_and_not_a_zero():
    mark = cube([handin(1, "ada", "a")], [])

    assert mark.pending
    assert mark.handin == 1


def test_an_outcome_of_other_checks_is_no_outcome():
    other = {"cube": {"forward": {"shape": 1, "values": 4}, "backward": {"gradient": 5}}}

    assert cube([handin(1, "ada", "a")], [record("a", "cube", "+++", points=other)]).pending


def test_the_best_is_pending_only_while_another_attempt_could_beat_it():
    handins = [handin(1, "ada", "a", at=days(0)), handin(2, "ada", "b", at=days(3), attempt=2)]  # the second keeps 70 %: 7 at most

    assert not cube(handins, [record("a", "cube", "-++")], policy=BEST).pending
    assert cube(handins, [record("a", "cube", "++-")], policy=BEST).pending


def test_a_fault_of_ours_takes_its_points_out_of_the_maximum_as_well():
    mark = cube([handin(1, "ada", "a")], [record("a", "cube", "+!-")])

    assert (mark.points, mark.max_points) == (1, 6)


def test_a_mark_set_by_hand_replaces_lateness_and_waiting():
    mark = cube([handin(1, "ada", "a", at=days(9))], [], overrides=[override(3, "ada", "cube", "7.5")])

    assert (mark.final, mark.max_points, mark.override, mark.pending) == (Fraction(15, 2), 10, 3, False)


def test_the_newest_override_that_was_not_withdrawn_holds():
    made = [override(1, "ada", "cube", 3), override(2, "ada", "cube", 8), override(3, "ada", "cube", 9, withdrawn_at=DEADLINE)]

    assert cube([], [], overrides=made).final == 8


def test_points_are_the_same_as_on_a_scorecard():
    course = load_course()
    exercise = course.exercises[0]
    checks = load_checks(course, exercise)
    endings = [Verdict.ACCEPTED, Verdict.WRONG_ANSWER, Verdict.GRADER_ERROR, Verdict.SKIPPED, Verdict.ACCEPTED]
    by_function = {}
    for number, check in enumerate(checks):
        by_function.setdefault(check.function, []).append(CheckOutcome(check=check.name, verdict=endings[number % 5]))
    functions = tuple(FunctionOutcome(function=name, checks=tuple(own)) for name, own in by_function.items())
    made = ExerciseOutcome(exercise=exercise.name, path="a.py", functions=functions)

    card = score_exercise(exercise, made, checks)

    assert scored(made, points_of({exercise.name: checks})[exercise.name]) == (card.points, card.max_points)


# ------------------------------------------------------------------------------------------------------------------ every class

WHO = ("ada", "ben", "zoe")
DIGESTS = ("a", "b", "c", None)
letters = st.text(st.sampled_from("+-o!"), min_size=3, max_size=3)
policies = st.builds(
    Policy,
    attempts=st.sampled_from(Attempts),
    late=st.builds(
        LatePolicy,
        deadline=st.just(DEADLINE),
        percent_per_day=st.sampled_from([Fraction(0), Fraction(10), Fraction(100, 3)]),
        grace_days=st.integers(0, 2),
        cutoff_days=st.none() | st.integers(2, 5),
        extensions=st.dictionaries(st.sampled_from(WHO), st.integers(0, 3)),
    ),
)


@st.composite
def classes(draw):
    """Some hand-ins of some students, and outcomes for some of them."""
    count = draw(st.integers(0, 7))
    handins = []
    for number in range(1, count + 1):
        at = draw(st.none() | st.integers(-3, 8).map(lambda days: timedelta(days=days, hours=-1)))
        own = handin(number, draw(st.sampled_from(WHO)), draw(st.sampled_from(DIGESTS)), at=at, attempt=draw(st.integers(1, 3)))
        handins.append(replace(own, current=draw(st.booleans()) or number < 5))
    records = [record(digest, "cube", draw(letters)) for digest in DIGESTS if digest and draw(st.booleans())]
    records += [record(digest, "root", draw(letters)[:2]) for digest in DIGESTS if digest and draw(st.booleans())]
    made = [
        override(number, draw(st.sampled_from(WHO)), "cube", draw(st.integers(0, 10))) for number in range(1, draw(st.integers(0, 2)) + 1)
    ]
    return handins, recorded(*records), made


ROSTER = (student("ben"), student("ada"))


@given(classes(), policies, st.randoms())
def test_marks_do_not_depend_on_the_order_of_anything(world, policy, random):
    handins, records, made = world
    before = mark_class(ROSTER, handins, records, POINTS, policy, made)
    random.shuffle(handins)
    random.shuffle(made)

    assert mark_class(ROSTER, handins, records, POINTS, policy, made) == before


@given(classes(), policies)
def test_the_best_is_no_worse_than_any_attempt(world, policy):
    handins, records, _made = world
    policy = replace(policy, attempts=Attempts.BEST)
    marks = mark_class(ROSTER, handins, records, POINTS, policy)

    for stored in (one for one in handins if one.current):
        for exercise in POINTS:
            assert only(marks, stored.handin.student, exercise).final >= worth(stored, exercise, records, POINTS[exercise], policy).final


@given(classes(), policies, classes(), policies)
def test_an_override_wins_whatever_is_below_it(world, policy, other_world, other_policy):
    for (handins, records, _made), rules in ((world, policy), (other_world, other_policy)):
        mark = only(mark_class(ROSTER, handins, records, POINTS, rules, [override(1, "ada", "cube", "19/3")]), "ada", "cube")
        assert (mark.final, mark.pending) == (Fraction(19, 3), False)


@given(classes(), policies)
def test_nobody_gets_less_than_nothing_or_more_than_all_and_everybody_has_every_mark_once(world, policy):
    handins, records, made = world
    marks = mark_class(ROSTER, handins, records, POINTS, policy, made)

    assert all(0 <= mark.final <= mark.max_points for mark in marks)
    names = {one.id for one in ROSTER} | {stored.handin.student for stored in handins if stored.current}
    assert sorted((mark.student, mark.exercise) for mark in marks) == sorted((name, exercise) for name in names for exercise in POINTS)


def test_outcomes_that_a_test_makes_are_whole():
    assert scored(outcome("cube", "+++"), POINTS["cube"]) == (10, 10)


def test_what_was_handed_in_for_one_exercise_leaves_the_marks_of_the_others_alone():
    both = handin(1, "ada", "a")
    root_alone = handin(2, "ada", "b", attempt=2)
    root_alone = replace(root_alone, handin=replace(root_alone.handin, exercises=("root",)))
    records = recorded(record("a", "cube", "+++"), record("a", "root", "--"), record("b", "cube", "---"), record("b", "root", "++"))

    marks = mark_class(ADA, [both, root_alone], records, POINTS, Policy())

    # 10 points for the cube of the first, 5 for the root of the second.
    assert [(mark.exercise, mark.handin, mark.final) for mark in marks] == [("cube", 1, 10), ("root", 2, 5)]
