"""What staff set for the course holds at once, for marks, pages and the API; by hand-worked numbers, and without running any code."""

from __future__ import annotations

import csv
import io
import re
import shutil
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from click.testing import CliRunner

from grader.classwork import LatePolicy, Policy
from grader.cli import cli
from grader.marks.late import due_at
from grader.serve import people, rules, typed, uploads
from grader.serve.app import create_app
from grader.serve.rules import Known, RuleBook, RuleError, set_rules
from grader.serve.service import open_service
from grader.serve.uploads import State, find_upload
from tests.serve.by_word import grade_all, work
from tests.serve.conftest import TINY, Site, add_people, form_of, send, settings_for

# 23:59:59 in Berlin, in winter time.
DUE = datetime(2026, 3, 10, 22, 59, 59, tzinfo=UTC)
GRADING = """
[grading]
timezone = "Europe/Berlin"
late = "10%/day"
deadlines = {power = 2026-03-10T23:59:59}
extensions = {bob = 1}
"""
# The exercises have 12 points each, and this check 2 of them.
SCALES = "scales_the_cube"


def two_exercises(folder):
    """The tiny course with a second exercise, which is the first one under other names."""
    shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("__pycache__", "experiments", "variants", "mistakes"))
    for path in ("exercises/power.toml", "exercises/power.py", "reference/power.py", "reference/checks/power.py"):
        text = (folder / path).read_text().replace("cube_", "root_").replace("third_power", "third_root")
        (folder / path.replace("power", "root")).write_text(text)
    with (folder / "exercises/root.toml").open("r+") as file:
        text = file.read()
        file.seek(0)
        file.write('requires = ["power"]\n' + text)
    (folder / "course.toml").write_text((folder / "course.toml").read_text() + 'root = ["root.py"]\n' + GRADING)
    return folder


class SignedIn(Site):
    """A site whose people sign in once."""

    def __init__(self, service, app):
        super().__init__(service, app)
        self.browsers = {}

    def browser(self, name=""):
        if name not in self.browsers:
            self.browsers[name] = super().browser(name)
        return self.browsers[name]


def opened(folder):
    service = open_service(settings_for(folder, course_root=two_exercises(folder / "course")))
    add_people(service.database)
    return SignedIn(service, create_app(service))


@pytest.fixture
def site(tmp_path):
    """A service over two exercises that starts no worker."""
    found = opened(tmp_path)
    yield found
    found.service.close()


@pytest.fixture(scope="module")
def untouched(tmp_path_factory):
    """Such a service, for tests that change nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("grader.serve.passwords.hasher", lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        found = opened(tmp_path_factory.mktemp("untouched"))
        yield found
        found.service.close()


@pytest.fixture
def hand_in(site, monkeypatch):
    """Hand in at some time after the deadline, and have it graded by what it says of itself."""

    def handed_in(who, text=None, *, after=timedelta(0), grade=True, **more):
        with monkeypatch.context() as patch:
            patch.setattr(uploads, "now", lambda: DUE + after)
            number = send(site.browser(who), work() if text is None else text, **more)
        if grade:
            grade_all(site)
        return number

    return handed_in


def set_here(site, exercise="", **values):
    """Set something by the form of the page, as an instructor."""
    ira = site.browser("ira")
    path = f"/staff/course/{exercise}/rules" if exercise else "/staff/course"
    answer = ira.post(path, data={"form": form_of(ira), **values})
    assert answer.status_code == 303, answer.text
    return ira


def extend(site, who="ada", **values):
    ira = site.browser("ira")
    given = {"form": form_of(ira), "exercise": "", "days": "", "until": "", "reason": "ill", **values}
    return ira.post(f"/staff/people/{site.account(who).id}/extensions", data=given)


def mark_of(site, who, exercise="power"):
    """The mark as the student sees it, after it was compared with the one in the gradebook."""
    (seen,) = (one["mark"] for one in site.browser(who).get("/api/v1/syllabus").json()["exercises"] if one["exercise"] == exercise)
    rows = list(csv.DictReader(io.StringIO(site.browser("tom").get("/staff/gradebook.csv").text.lstrip("\ufeff"))))
    in_gradebook = next(row[exercise] for row in rows if row["student"] == who)
    assert float(in_gradebook) == float(seen or 0)
    return seen


def total_of(site, who):
    syllabus = site.browser(who).get("/api/v1/syllabus").json()
    rows = list(csv.DictReader(io.StringIO(site.browser("tom").get("/staff/gradebook.csv").text.lstrip("\ufeff"))))
    row = next(row for row in rows if row["student"] == who)
    assert (float(row["total"]), float(row["out of"])) == (float(syllabus["total"]), float(syllabus["max_total"]))
    return syllabus["total"], syllabus["max_total"]


def packed(*names):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        for name in names:
            zipped.writestr(f"{name}.py", work().replace("cube_", "root_") if name == "root" else work())
    return archive.getvalue()


def log_of(site):
    return site.browser("tom").get("/staff/log").text


# ------------------------------------------------------------------------------------------------------------------------ marks


def test_a_deadline_that_is_set_moves_a_mark_at_once_and_runs_no_code(site, hand_in):
    # A day and an hour late: two days begun, so that 80 % of 12 points are kept.
    hand_in("ada", after=timedelta(days=1, hours=1))
    before = mark_of(site, "ada")

    set_here(site, "power", deadline="2026-03-11T23:59:59")

    # By the new deadline one day has begun: 90 % of 12.
    assert (before, mark_of(site, "ada")) == ("9.6", "10.8")
    assert not site.service.grading.is_alive()


def test_what_is_put_back_is_as_the_course_says(site, hand_in):
    hand_in("ada", after=timedelta(days=1, hours=1))
    ira = set_here(site, "power", deadline="")
    without = mark_of(site, "ada")

    ira.post("/staff/course/back", data={"form": form_of(ira), "exercise": "power", "name": "deadline"})

    assert (without, mark_of(site, "ada")) == ("12", "9.6")


# Three days late. 100 % - 3 * 25 % of 12; one of the three days is free; after two days nothing is given.
@pytest.mark.parametrize(("policy", "mark"), [({"percent_per_day": "25"}, "3"), ({"grace_days": "1"}, "9.6"), ({"cutoff_days": "2"}, "0")])
def test_what_lateness_costs_can_be_set(policy, mark, site, hand_in):
    hand_in("ada", after=timedelta(days=3))

    set_here(site, **policy)

    assert mark_of(site, "ada") == mark


def test_which_attempt_counts_can_be_set(site, hand_in):
    hand_in("ada", work(SCALES))
    hand_in("ada", after=timedelta(days=2))
    last = mark_of(site, "ada")

    set_here(site, attempts="best")

    # 80 % of 12 came last, and 10 points in time are more.
    assert (last, mark_of(site, "ada")) == ("9.6", "10")


def test_an_extension_moves_the_deadline_of_one_student_for_one_exercise(site, hand_in):
    set_here(site, "root", deadline="2026-03-10T23:59:59")
    for who in ("ada", "bob"):
        hand_in(who, packed("power", "root"), after=timedelta(days=3), exercise="", name="work.zip")

    extend(site, exercise="power", days="2")

    # Ada is one day late with the first and three with the second; Bob, to whom the course gives one day, two with both.
    found = [mark_of(site, who, name) for who, name in (("ada", "power"), ("ada", "root"), ("bob", "power"), ("bob", "root"))]
    assert found == ["10.8", "8.4", "9.6", "9.6"]


def test_a_date_until_which_there_is_time_is_typed_by_the_clock_of_the_course(site, hand_in):
    # 01:00 UTC on the 13th is 02:00 in Berlin.
    hand_in("ada", after=datetime(2026, 3, 13, 1, tzinfo=UTC) - DUE)
    late = mark_of(site, "ada")

    extend(site, until="2026-03-13T02:00")

    # Three days had begun: 70 % of 12.
    assert (late, mark_of(site, "ada")) == ("8.4", "12")
    assert "until 2026-03-13 02:00:00 CET for all exercises" in log_of(site)


def test_a_withdrawn_extension_holds_no_more_and_stays_in_the_story(site, hand_in):
    hand_in("ada", after=timedelta(days=2))
    extend(site, days="2", reason="a broken arm")
    extended = mark_of(site, "ada")

    extend(site, withdraw="1")

    page = site.browser("tom").get(f"/staff/people/{site.account('ada').id}").text
    assert (extended, mark_of(site, "ada")) == ("12", "9.6")
    assert re.search(r"2 days for all exercises, because: a broken arm .*\s*<strong>withdrawn</strong>", page)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"days": "2", "until": "2026-03-13T02:00"},
        {"days": "2", "reason": " "},
        {"days": "two"},
        {"until": "2026-03-10T23:59:59"},
        {"until": "tomorrow"},
        {"days": "2", "exercise": "cube"},
        {"exercise": "root", "until": "2026-03-13T02:00"},
        {"withdraw": "7"},
    ],
    ids=["nothing", "both", "no reason", "no number", "no later", "no date", "no exercise", "no deadline", "not given"],
)
def test_an_extension_that_cannot_be_is_refused_in_a_sentence(given, untouched):
    answer = extend(untouched, **given)

    assert answer.status_code == 422
    assert 'class="problem"' in answer.text
    assert untouched.service.rules.known().extensions == ()


def test_what_a_terminal_explains_is_what_the_page_said(site, hand_in, tmp_path):
    hand_in("ada", after=timedelta(days=4))
    extend(site, exercise="power", days="2")
    set_here(site, percent_per_day="12.5")
    ira = set_here(site, "root", visible="no")
    ira.post("/staff/revisions", data={"form": form_of(ira)})

    arguments = ["explain", str(tmp_path), "ada", "--course", str(tmp_path / "course")]
    told = " ".join(CliRunner().invoke(cli, arguments, catch_exceptions=False).output.split())

    # Two days late at 12.5 %: 75 % of 12 points are 9, of 12 that there are without the exercise that is hidden.
    assert "ada: 9 of 12 (75 %), revision 1" in told
    assert "It was due 2026-03-12 22:59:59 UTC, with an extension of 2 days: 2 days late, counting each day begun." in told
    assert total_of(site, "ada") == ("9", "12")


# -------------------------------------------------------------------------------------------------------------------- the page


def test_the_page_says_what_is_set_and_what_the_course_says(site):
    ira = set_here(site, percent_per_day="20")

    page = ira.get("/staff/course").text

    assert "<strong>set here</strong>; the course says 10 %" in page
    assert 'value="2026-03-10T23:59:59"' in page
    assert 'aria-label="Put back Percent lost per day late: 10 %"' in page


def test_the_page_lists_who_has_an_extension(site):
    extend(site, days="2", exercise="power")

    page = site.browser("tom").get("/staff/course").text

    assert f'<a href="/staff/people/{site.account("ada").id}#extensions">Ada</a>: 2 days for power, because: ill' in page


def test_a_form_that_is_sent_back_as_it_was_sets_nothing(site):
    ira = site.browser("ira")
    page = ira.get("/staff/course").text
    fields = dict(re.findall(r'<input id="power-\w+" name="(\w+)" [^>]*value="([^"]*)"', page))
    assert fields == {"opens_at": "", "deadline": "2026-03-10T23:59:59", "most_attempts": ""}

    ira.post("/staff/course/power/rules", data={"form": form_of(ira), "visible": "yes", **fields})

    assert site.service.rules.known().values == {}


def test_a_change_is_in_the_log_with_what_was_and_what_is(site):
    set_here(site, "power", deadline="2026-07-01T12:00", most_attempts="3")
    ira = set_here(site, "power", most_attempts="5")
    ira.post("/staff/course/back", data={"form": form_of(ira), "exercise": "power", "name": "most_attempts"})

    told = [line.detail for line in reversed(rules_log(site))]

    assert told == [
        "Due: 2026-03-10 23:59:59 CET, as the course says → 2026-07-01 12:00:00 CEST",
        "Most attempts allowed: no limit, as the course says → 3",
        "Most attempts allowed: 3 → 5",
        "Most attempts allowed: 5 → no limit, as the course says",
    ]


def rules_log(site):
    return [line for line in people.log_of(site.service.database) if line.action.startswith("rule")]


@pytest.mark.parametrize(
    ("exercise", "values"),
    [
        ("", {"attempts": "first"}),
        ("", {"percent_per_day": "101"}),
        ("", {"percent_per_day": ""}),
        ("", {"grace_days": "-1"}),
        ("", {"grace_days": "3", "cutoff_days": "2"}),
        ("", {"zone": "Mars/Olympus"}),
        ("", {"zone": "../../etc/passwd"}),
        ("power", {"visible": "maybe"}),
        ("power", {"deadline": "2026-03-10"}),
        ("power", {"opens_at": "soon"}),
        ("power", {"most_attempts": "0"}),
        ("power", {"most_attempts": "4", "deadline": "9999-01-01T00:00"}),
    ],
)
def test_what_cannot_be_meant_is_refused_and_nothing_is_changed(exercise, values, untouched):
    ira = untouched.browser("ira")
    path = f"/staff/course/{exercise}/rules" if exercise else "/staff/course"

    answer = ira.post(path, data={"form": form_of(ira), **values})

    assert answer.status_code == 422
    assert 'class="problem"' in answer.text
    assert untouched.service.rules.known().values == {}


def test_an_assistant_reads_the_rules_and_changes_none(untouched):
    tom, ada = untouched.browser("tom"), untouched.account("ada")
    form = {"form": form_of(tom)}

    page = tom.get("/staff/course").text
    answers = [
        tom.post("/staff/course", data={**form, "attempts": "best"}),
        tom.post("/staff/course/power/rules", data={**form, "visible": "no"}),
        tom.post("/staff/course/back", data={**form, "name": "attempts"}),
        tom.post(f"/staff/people/{ada.id}/extensions", data={**form, "days": "3", "reason": "ill"}),
    ]

    assert "due 2026-03-10 23:59:59 CET" in page
    assert 'action="/staff/course' not in page
    assert [answer.status_code for answer in answers] == [403] * 4
    assert untouched.service.rules.known() == Known(values={}, extensions=())


def test_what_was_set_holds_after_the_service_was_ended(site, tmp_path):
    set_here(site, attempts="best", zone="America/New_York")
    set_here(site, "power", most_attempts="3", deadline="2026-07-01T12:00")
    extend(site, days="2")
    before = site.service.rules.policy()
    site.service.close()

    again = open_service(site.service.settings)
    try:
        assert again.rules.policy() == before
        # Noon in New York, in summer time.
        assert due_at(before.late, "power", "nobody") == datetime(2026, 7, 1, 16, tzinfo=UTC)
        assert again.rules.value("power", "most_attempts") == 3
    finally:
        again.close()


def test_another_time_zone_moves_no_deadline(site):
    set_here(site, zone="Asia/Tokyo")

    assert due_at(site.service.rules.policy().late, "power", "ada") == DUE
    # It is shown by the clock of the new one, eight hours later in winter.
    assert 'value="2026-03-11T07:59:59"' in site.browser("ira").get("/staff/course").text


def test_one_exercise_can_be_due_never_where_the_course_has_a_deadline_for_all(site):
    book = RuleBook(site.service.database, Policy(late=LatePolicy(deadline=DUE)), ("power", "root"))

    set_rules(book, "power", {"deadline": ""}, by=1)

    assert [due_at(book.policy().late, name, "ada") for name in ("power", "root")] == [None, DUE]


def test_a_rule_of_an_exercise_that_is_not_there_is_refused(untouched):
    with pytest.raises(RuleError, match="no such exercise"):
        set_rules(untouched.service.rules, "cube", {"visible": "no"}, by=1)


def test_the_policy_is_made_once_while_nothing_changes(untouched):
    book = untouched.service.rules

    assert book.policy() is book.policy()


# A clock that shows 02:30 twice, in autumn: what the course said with an offset is the earlier moment, and stays so.
def test_a_time_that_comes_twice_is_not_moved_by_sending_the_form(site):
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    book = RuleBook(site.service.database, Policy(late=LatePolicy(deadlines={"power": first}, zone="Europe/Berlin")), ("power",))

    for text in ("2026-10-25T02:30:00", "2026-10-25T02:30"):
        set_rules(book, "power", {"deadline": text}, by=1)

    assert book.value("power", "deadline") == first


@pytest.mark.parametrize("name", [*rules.COURSE_SETTINGS, *rules.EXERCISE_SETTINGS])
def test_what_is_stored_is_read_as_what_it_was(name, untouched):
    exercise = "power" if name in rules.EXERCISE_SETTINGS else ""
    value = untouched.service.rules.value(exercise, name)

    assert rules.settings_of(exercise)[name].read(typed.written(value), typed.UTC_ZONE) == value


# ------------------------------------------------------------------------------------------------------------------- visibility


def test_an_exercise_that_is_hidden_is_not_there_for_students(site):
    set_here(site, "power", visible="no")
    ada = site.browser("ada")
    form = form_of(ada)

    answers = {
        "page": ada.get("/exercises/power"),
        "stub": ada.get("/exercises/power/stub"),
        "api": ada.get("/api/v1/exercises/power"),
        "stub of the api": ada.get("/api/v1/exercises/power/stub"),
        "upload": ada.post("/uploads", data={"form": form, "exercise": "power", "text": work()}),
        "upload of a terminal": site.terminal("ada").post("/api/v1/uploads?name=a.py&exercise=power", content=work()),
    }
    unknown = ada.get("/exercises/never")

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(answers, 404)
    assert answers["page"].content == unknown.content
    assert [one["exercise"] for one in ada.get("/api/v1/syllabus").json()["exercises"]] == ["root"]
    assert ada.get("/api/v1/exercises/root").json()["requires"] == []
    assert "Powers" not in ada.get("/uploads").text
    assert "/exercises/power" not in ada.get("/").text + ada.get("/exercises/root").text
    assert uploads.uploads_of(site.service.database, "ada") == []


def test_staff_see_what_is_hidden_and_that_it_is(site):
    set_here(site, "power", visible="no")
    tom = site.browser("tom")

    assert "not open to students" in tom.get("/").text
    assert "Students do not see this exercise." in tom.get("/exercises/power").text
    assert "power (not open)" in tom.get("/staff/gradebook").text


def test_an_exercise_opens_by_itself_and_counts_from_then_on(site, hand_in, monkeypatch):
    hand_in("ada", packed("power", "root"), exercise="", name="work.zip")
    set_here(site, "root", opens_at="2030-05-01T08:00")
    opens_at = datetime(2030, 5, 1, 6, tzinfo=UTC)
    found = {}

    for seconds in (-1, 0):
        monkeypatch.setattr(rules, "now", lambda seconds=seconds: opens_at + timedelta(seconds=seconds))
        found[seconds] = (total_of(site, "ada"), site.browser("ada").get("/exercises/root").status_code)

    assert found == {-1: (("12", "12"), 404), 0: (("24", "24"), 200)}


def test_a_zip_does_not_count_for_what_its_student_could_not_see(site, hand_in):
    set_here(site, "root", opens_at="2030-05-01T08:00")

    number = hand_in("ada", packed("power", "root"), exercise="", name="work.zip")
    alone = hand_in("ada", packed("root"), exercise="", name="work.zip")

    assert list(find_upload(site.service.database, number).exercises) == ["power"]
    refused = find_upload(site.service.database, alone)
    assert (refused.state, "root" in refused.sentence) == (State.UNREADABLE, False)


# --------------------------------------------------------------------------------------------------------------------- attempts


def test_after_the_last_attempt_an_upload_is_refused_with_a_sentence(site, hand_in):
    set_here(site, "power", most_attempts="2")
    hand_in("ada", work(note="1"))
    hand_in("ada", work(note="2"))
    ada = site.browser("ada")

    page = ada.post("/uploads", data={"form": form_of(ada), "exercise": "power", "text": work(note="3")})
    api = site.terminal("ada").post("/api/v1/uploads?name=power.py&exercise=power", content=work())

    assert (page.status_code, api.status_code) == (422, 422)
    assert api.json()["detail"] == "All 2 attempts at power are used. What you handed in before still counts."
    # What was written is not lost.
    assert "# 3" in page.text
    assert "2 of 2 attempts used" in " ".join(page.text.split())
    assert len(uploads.uploads_of(site.service.database, "ada")) == 2


def test_what_waits_is_an_attempt_and_what_cannot_be_read_is_none(site, hand_in):
    set_here(site, "power", most_attempts="1")
    hand_in("ada", b"PK no zip", name="work.zip")

    hand_in("ada", grade=False)

    ada = site.browser("ada")
    answer = ada.post("/uploads", data={"form": form_of(ada), "exercise": "power", "text": work()})
    assert answer.status_code == 422
    assert "The one attempt at power is used." in answer.text


def test_what_may_be_the_last_attempt_is_let_end_first(site, hand_in):
    set_here(site, "power", most_attempts="1")
    hand_in("ada", packed("root"), exercise="", name="work.zip", grade=False)
    ada = site.browser("ada")
    again = {"form": form_of(ada), "exercise": "power", "text": work()}

    waiting = ada.post("/uploads", data=again)
    grade_all(site)
    after = ada.post("/uploads", data=again)

    assert (waiting.status_code, waiting.headers["retry-after"], after.status_code) == (429, "15", 303)


def test_a_zip_does_not_count_where_the_attempts_are_used(site, hand_in):
    set_here(site, "power", most_attempts="1")
    first = hand_in("ada", work(SCALES))

    both = hand_in("ada", packed("power", "root"), exercise="", name="work.zip")
    alone = hand_in("ada", packed("power"), exercise="", name="work.zip")

    found = [find_upload(site.service.database, number) for number in (first, both, alone)]
    assert [(one.state, list(one.exercises)) for one in found] == [
        (State.GRADED, ["power"]),
        (State.GRADED, ["root"]),
        (State.UNREADABLE, []),
    ]
    assert "All attempts at power are used, so this upload does not count there." in site.browser("ada").get(f"/uploads/{both}").text
    assert mark_of(site, "ada") == "10"


# --------------------------------------------------------------------------------------------------------------------- lateness


# The price is 10 % a day after one free day, and nothing is given after three.
@pytest.mark.parametrize(
    ("after", "sentence"),
    [
        (timedelta(0), ""),
        (timedelta(seconds=1), "1 day late for power, which costs nothing."),
        (timedelta(days=3), "3 days late for power: 80 % of its points are kept."),
        (timedelta(days=3, seconds=1), "4 days late for power: work that is more than 3 days late gives no points"),
    ],
)
def test_an_upload_after_the_deadline_is_taken_and_says_what_lateness_costs(after, sentence, site, hand_in):
    set_here(site, grace_days="1", cutoff_days="3")

    number = hand_in("ada", after=after, grade=False)

    ada = site.browser("ada")
    told = ada.get(f"/api/v1/uploads/{number}").json()["lateness"]
    assert told.startswith(sentence)
    assert bool(told) == bool(sentence)
    assert told in ada.get(f"/uploads/{number}").text


def test_students_see_when_something_is_due_for_them(site):
    extend(site, exercise="power", days="2")

    (ada, bob) = (site.browser(who).get("/api/v1/syllabus").json()["exercises"][0] for who in ("ada", "bob"))

    assert [(one["due"], one["extended"]) for one in (ada, bob)] == [("2026-03-12T22:59:59Z", True), ("2026-03-11T22:59:59Z", True)]
    assert "Thu 12 Mar 2026, 23:59 CET</time>, with your extension" in site.browser("ada").get("/").text
    assert "(late: 10%/day)" in site.browser("ada").get("/exercises/power").text
