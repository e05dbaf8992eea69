"""Who goes up, down and stays, and why: the reasons are complete, and their amounts add up."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.classwork import Attempts, LatePolicy, Policy
from grader.marks.diff import Move, diff
from grader.marks.diff_text import render_diff
from grader.marks.reasons import Cause
from tests.marks.test_marking import ROSTER, classes, policies
from tests.marks.worlds import DEADLINE, another_run, handin, override, record, recorded, repriced, student, world

ADA = (student("ada"),)
ON_TIME = timedelta(hours=-1)
HANDED_IN = [handin(1, "ada", "a", at=ON_TIME)]
MIDDLING = recorded(record("a", "cube", "++-"), record("a", "root", "+-"))  # 5 of 10, and 3 of 5
PRICED = Policy(late=LatePolicy(deadline=DEADLINE, percent_per_day=Fraction(10)))


def ada(*, handins=HANDED_IN, records=MIDDLING, students=ADA, **more):
    return world(students, handins, records, **more)


def changed(old, new):
    """The only change of the cube between two sides."""
    (found,) = [change for one in diff(old, new).students for change in one.changes if change.exercise == "cube"]
    return found


def said(change):
    return " ".join(f"[{reason.cause}] {reason.sentence}" for reason in change.reasons)


def test_nothing_changes_between_a_state_and_itself():
    found = diff(ada(), ada())

    assert found.moved == ()
    assert found.notes == ()
    assert found.counts[Move.SAME] == 1


def test_changed_points_are_told_with_what_they_gave():
    change = changed(ada(), ada(points=repriced("cube", "forward", "value", 6)))

    assert (change.move, change.amount) == (Move.UP, 2)
    assert "forward, value: 6 points instead of 4." in said(change)
    assert "12 points in all instead of 10" in said(change)


def test_a_check_that_ends_otherwise_is_named_with_what_was_different():
    again = recorded(record("a", "cube", "+++", key="new", run=another_run(numpy="2.4.0")), record("a", "root", "+-"))

    change = changed(ada(), ada(records=again))

    assert [(reason.cause, reason.amount) for reason in change.reasons] == [(Cause.OUTCOME, 5), (Cause.OUTCOME, 0)]
    assert "backward, gradient: wrong answer before, accepted now." in said(change)
    assert "NumPy 2.4.0 instead of 2.3.1" in said(change)


def test_another_submission_is_a_reason():
    handins = [*HANDED_IN, handin(2, "ada", "b", at=ON_TIME, attempt=2)]

    change = changed(ada(), ada(handins=handins, records={**MIDDLING, **recorded(record("b", "cube", "+--"))}))

    assert (change.move, change.amount) == (Move.DOWN, -4)
    assert "Another submission counts: ada/try2 of 2026-11-02 11:00:00 UTC instead of ada/try1" in said(change)


def test_the_rule_of_attempts_is_named_where_it_makes_another_count():
    handins = [*HANDED_IN, handin(2, "ada", "b", at=ON_TIME, attempt=2)]
    records = {**MIDDLING, **recorded(record("b", "cube", "+--"))}

    change = changed(*(ada(handins=handins, records=records, policy=Policy(attempts=which)) for which in (Attempts.LAST, Attempts.BEST)))

    assert "now that the best attempt counts and not the last" in said(change)


@pytest.mark.parametrize(
    ("policy", "sentence"),
    [
        (
            Policy(late=LatePolicy(deadline=DEADLINE, percent_per_day=Fraction(20))),
            "costs something else now: 60 % of the points are kept instead of 80 %",
        ),
        (
            Policy(late=LatePolicy(deadline=DEADLINE, percent_per_day=Fraction(10), extensions={"ada": 1})),
            "1 day late instead of 2 days (another deadline or extension): 90 % of the points are kept instead of 80 %",
        ),
    ],
)
def test_lateness_says_whether_the_days_or_their_price_changed(policy, sentence):
    late = [handin(1, "ada", "a", at=timedelta(days=2))]

    change = changed(ada(handins=late, policy=PRICED), ada(handins=late, policy=policy))

    assert sentence in said(change)
    assert [reason.cause for reason in change.reasons] == [Cause.LATENESS]


def test_a_mark_set_by_hand_is_told_with_author_and_reason():
    change = changed(ada(), ada(overrides=[override(1, "ada", "cube", 9)]))

    assert change.amount == 4
    assert said(change) == "[override] lecturer set 9 points by hand (seen in the oral exam)."


def test_what_changes_below_an_override_changes_nothing():
    by_hand = [override(1, "ada", "cube", 9)]
    better = {**MIDDLING, **recorded(record("a", "cube", "+++", key="new"))}

    change = changed(ada(overrides=by_hand), ada(records=better, overrides=by_hand))

    assert (change.move, change.reasons) == (Move.SAME, ())


def test_a_withdrawn_override_gives_the_mark_back_to_the_checks():
    withdrawn = [override(1, "ada", "cube", 9, withdrawn_at=DEADLINE)]

    change = changed(ada(overrides=[override(1, "ada", "cube", 9)]), ada(overrides=withdrawn))

    assert change.amount == -4
    assert "no longer applies" in said(change)


def test_a_machine_that_failed_lowers_nobody():
    change = changed(ada(), ada(records={}))

    assert change.move is Move.PENDING
    assert "the grader failed" in said(change)


def test_who_comes_and_who_goes_is_counted_so():
    found = diff(ada(students=(student("ada"), student("ben"))), ada(students=(student("ada"), student("eve"))))

    assert {one.student: one.move for one in found.students} == {"ada": Move.SAME, "ben": Move.GONE, "eve": Move.NEW}


def test_a_weight_alone_moves_a_total_and_says_so():
    found = diff(ada(), ada(policy=Policy(weights={"cube": Fraction(2)})))

    (one,) = found.students
    assert (one.move, one.amount) == (Move.UP, 5)
    assert [reason.sentence for reason in one.reasons] == ["cube counts 2 times instead of 1 times."]
    assert "The weight of cube is 2 instead of 1." in found.notes


def test_the_biggest_change_comes_first():
    students = tuple(map(student, ("ada", "ben", "eve")))
    old = world(
        students,
        [handin(n, who, who) for n, who in enumerate(("ada", "ben", "eve"), 1)],
        recorded(*(record(who, "cube", "+--") for who in ("ada", "ben", "eve"))),
    )
    marks = {"ada": "++-", "ben": "+-+", "eve": "---"}  # by 4, by 5, by -1
    new = world(students, list(old.handins.values()), recorded(*(record(who, "cube", ends, key=f"{who}2") for who, ends in marks.items())))

    assert [one.student for one in diff(old, new).students] == ["ben", "ada", "eve"]


@given(classes(), policies, classes(), policies, st.sampled_from([1, 4, 7]))
def test_no_mark_changes_without_a_trace_and_the_amounts_add_up(first, rules, second, other_rules, worth):
    old = world(ROSTER, *first[:2], policy=rules, overrides=first[2])
    # The second class is another store: its keys name other outcomes.
    theirs = {
        where: record(
            one.digest,
            where[1],
            "".join("+" if check.finding is None else "-" for function in one.outcome.functions for check in function.checks),
            key=f"{one.key}2",
        )
        for where, one in second[1].items()
    }
    new = world(ROSTER, second[0], theirs, policy=other_rules, points=repriced("cube", "forward", "value", worth), overrides=second[2])

    found = diff(old, new)

    for one in found.students:
        for change in one.changes:
            assert sum((reason.amount for reason in change.reasons), Fraction(0)) == change.amount
            assert change.reasons or change.move is Move.SAME
            assert all(reason.cause is not Cause.SCORING for reason in change.reasons)
        weights = sum((reason.amount for reason in one.reasons), Fraction(0))
        assert one.amount == weights + sum(change.amount for change in one.changes)


@given(classes(), policies, classes(), policies)
def test_everybody_goes_somewhere_and_back_again(first, rules, second, other_rules):
    old = world(ROSTER, *first[:2], policy=rules, overrides=first[2])
    new = world(ROSTER, *second[:2], policy=other_rules, overrides=second[2])

    there, back = diff(old, new).counts, diff(new, old).counts

    everybody = {mark.student for side in (old, new) for mark in side.revision.marks}
    assert sum(there.values()) == sum(back.values()) == len(everybody)
    assert (there[Move.UP], there[Move.DOWN], there[Move.NEW]) == (back[Move.DOWN], back[Move.UP], back[Move.GONE])


@given(classes(), policies)
def test_of_a_state_and_itself_nothing_is_said(first, rules):
    side = world(ROSTER, *first[:2], policy=rules, overrides=first[2])

    assert diff(side, side).moved == ()


# ---------------------------------------------------------------------------------------------------------------------- written


EVIL = "=cmd|' /C calc'!A0\x1b[2J"


def test_the_text_shows_marks_reasons_and_counts():
    text = render_diff(diff(ada(), ada(points=repriced("cube", "forward", "value", 6))), "text")

    assert "↑ ada   8/15 → 10/17" in text
    assert "+2  forward, value: 6 points instead of 4." in text
    assert text.endswith("1 up, 0 down, 0 same; 1 in all\n")


def test_what_a_student_wrote_does_nothing_to_a_terminal_or_a_spreadsheet():
    students = (student(EVIL),)
    old, new = world(students, [], {}), world(students, [], {}, overrides=[override(1, EVIL, "cube", 3, reason="\x1b]0;x\x07")])

    text, table = (render_diff(diff(old, new), output) for output in ("text", "csv"))

    assert text.replace("\n", "").isprintable()
    assert "\x1b" not in table
    assert next(row for row in csv.reader(io.StringIO(table)) if "cmd" in row[0])[0].startswith("'=")


def test_json_has_the_marks_as_numbers_with_two_decimals():
    late = [handin(1, "ada", "a", at=timedelta(days=1))]
    third = Policy(late=LatePolicy(deadline=DEADLINE, percent_per_day=Fraction(100, 3)))

    document = json.loads(render_diff(diff(ada(), ada(handins=late, policy=third)), "json"))

    (one,) = document["students"]
    assert document["counts"]["down"] == 1
    assert one["exercises"][0]["after"] == 3.33  # 5 × 2/3
    assert one["exercises"][0]["reasons"][0]["amount"] == -1.67
