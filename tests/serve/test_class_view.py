"""The class at one exercise: what staff see of marks, checks, mistakes and likenesses, who is stuck and who has not begun."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import timedelta

import pytest

from grader.serve.accounts import Role, make_account
from grader.serve.class_memory import ClassMemory
from grader.serve.class_view import attempts_at, exercise_lines, exercise_view, stuck_at
from tests.pages import Reader
from tests.serve.by_word import grade_all, hand_in, work
from tests.serve.conftest import send

SCALES = "scales_the_cube"


def tries(count):
    return [work(SCALES, note=f"try {number}") for number in range(count)]


def view_of(site):
    return exercise_view(site.service, site.service.course.exercises[0])


def stuck_of(site, **options):
    attempts, _waiting = attempts_at(site.service, site.service.course.exercises[0])
    return stuck_at(site.service, site.service.course.exercises[0], attempts, view_of(site).accounts, **options)


def test_who_hands_in_three_different_works_without_a_point_more_is_stuck(site):
    numbers = hand_in(site, "ada", work(SCALES, "returns_the_gradient"), *tries(3))

    (stuck,) = view_of(site).stuck

    assert (stuck.account.student, stuck.tries, stuck.upload) == ("ada", 3, numbers[-1])
    assert [(one.function, one.check, one.requirement) for one in stuck.checks] == [("cube_forward", SCALES, "Multiply the cube by scale.")]


def test_stuck_is_since_the_work_that_reached_the_points(site):
    _first, second, *_others = hand_in(site, "ada", work(SCALES, "returns_the_gradient"), *tries(3))

    (stuck,) = view_of(site).stuck

    attempts, _waiting = attempts_at(site.service, site.service.course.exercises[0])
    assert stuck.since == next(one.at for one in attempts if one.upload == second)


@pytest.mark.parametrize(
    "texts",
    [
        [work(SCALES, note="1"), work(SCALES, note="2")],
        [work(SCALES, note="1"), work(SCALES, note="2"), work(note="3")],
        [work(SCALES, "returns_the_gradient", note="1"), work(SCALES, note="2"), work(SCALES, note="3")],
        # The same file again, as a zip for another exercise would have it.
        [work(SCALES)] * 4,
        # What is only not written is no check that somebody is stuck at.
        [work(undone=("cube_backward",), note=str(number)) for number in range(4)],
    ],
    ids=["two tries", "solved", "still rising", "the same file", "not written yet"],
)
def test_who_has_tried_little_or_goes_on_is_not_stuck(texts, site):
    hand_in(site, "ada", *texts)

    assert view_of(site).stuck == ()


def test_a_zip_in_which_the_exercise_is_as_before_is_no_try(site):
    for number in range(4):
        body = io.BytesIO()
        with zipfile.ZipFile(body, "w") as archive:
            archive.writestr("power.py", work(SCALES))
            archive.writestr("diary.py", f"day = {number}\n")
        send(site.browser("ada"), body.getvalue(), exercise="", name="all.zip")
        grade_all(site)

    assert view_of(site).stuck == ()


def test_who_has_handed_in_nothing_for_a_week_is_not_stuck_now(site):
    hand_in(site, "ada", *tries(3))

    assert len(stuck_of(site)) == 1
    assert stuck_of(site, recent=timedelta(0)) == ()


def test_who_has_not_begun_is_named_and_who_waits_has_begun(site):
    before = [one.student for one in view_of(site).not_begun]
    send(site.browser("ada"), work())

    after = view_of(site)

    assert before == ["ada", "bob"]
    assert ([one.student for one in after.not_begun], after.waiting) == (["bob"], 1)


def test_a_mistake_is_listed_with_whose_it_is(site):
    hand_in(site, "ada", work(SCALES, mistake="scale_forgotten"))
    hand_in(site, "bob", work(SCALES, mistake="scale_forgotten", note="other"))

    (mistake,) = view_of(site).overview.mistakes

    assert (mistake.name, mistake.students, mistake.explanation) == ("scale_forgotten", ("ada", "bob"), "scale is left out.")


def test_works_that_are_the_same_but_for_comments_are_shown_as_evidence(site):
    # The reference of the tiny course is too short for eight rare pieces of its own.
    long = "\n".join(f"def own_{n}(a):\n    return a[{n}] * {n}.5 + sum(a[{n}:{n + 3}]) - len(a) ** {n % 7}\n" for n in range(12))
    hand_in(site, "ada", work() + long)
    hand_in(site, "bob", work(note="all my own") + long)

    (group,) = view_of(site).overview.alike.groups

    assert group.names == ("ada", "bob")
    assert "no verdict" in site.browser("tom").get("/staff/exercises/power").text


def test_the_checks_are_analysed_over_the_class(site):
    hand_in(site, "ada", work(SCALES))
    hand_in(site, "bob", work(note="right"))

    item = next(one for one in view_of(site).overview.items if one.check == SCALES)

    assert (item.tried, item.passed, item.difficulty) == (2, 1, 0.5)


def test_the_tables_hold_the_whole(site):
    hand_in(site, "ada", work(SCALES, mistake="scale_forgotten"))
    tom = site.browser("tom")

    answers = {name: tom.get(f"/staff/exercises/power/{name}") for name in ("items.csv", "mistakes.csv", "similarity.csv")}

    rows = list(csv.DictReader(io.StringIO(answers["mistakes.csv"].text)))
    assert [(row["mistake"], row["student"]) for row in rows] == [("scale_forgotten", "ada")]
    assert [answer.status_code for answer in answers.values()] == [200] * 3
    assert answers["items.csv"].headers["content-disposition"] == 'attachment; filename="power-items.csv"'
    assert tom.get("/staff/exercises/power/people.csv").status_code == 404


def test_the_overview_counts_who_has_begun_and_who_has_everything(site):
    hand_in(site, "ada", work())
    hand_in(site, "bob", work(SCALES))

    (line,) = exercise_lines(site.service)

    # Ada has 12 of 12 points, bob 10: 100 % and 83 1/3 %.
    assert (line.begun, line.complete, line.students) == (2, 1, 2)
    assert line.distribution.bins == (0, 0, 0, 0, 0, 0, 0, 0, 1, 1)


def test_a_page_of_the_class_escapes_and_holds_no_style_of_its_own(site):
    make_account(site.service.database, name="<b>Eve</b>", email="eve@example.org", role=Role.STUDENT, student="eve")
    hand_in(site, "ada", *(work(SCALES, mistake="scale_forgotten", note=f"</pre><script>{n}") for n in range(3)))
    tom = site.browser("tom")

    pages = [tom.get(path).text for path in ("/staff/exercises", "/staff/exercises/power")]

    for text in pages:
        Reader(text)
        assert " style=" not in text
        assert "<b>Eve" not in text
    assert "&lt;b&gt;Eve&lt;/b&gt;" in pages[1]


def test_a_view_is_made_again_only_when_something_has_changed(site, monkeypatch):
    made = []
    monkeypatch.setattr("grader.serve.class_view.overview_of", lambda *args: made.append(args) or None)

    views = [view_of(site), view_of(site)]
    hand_in(site, "ada", work())
    views.append(view_of(site))

    assert len(made) == 2
    assert views[0] is views[1] is not views[2]


def test_what_takes_long_is_not_made_again_at_once(monkeypatch):
    clock = iter([0.0, 3.0, 20.0, 40.0, 43.0, 46.0])
    monkeypatch.setattr("grader.serve.class_memory.monotonic", lambda: next(clock))
    memory = ClassMemory()

    # It took 3 s and was ready at 3; until 33 it stands.
    values = [memory.get("power", of, lambda of=of: of) for of in ("first", "second", "third")]

    assert values == ["first", "first", "third"]
