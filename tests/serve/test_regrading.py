"""A course that changes while it runs: what counts stays until somebody has seen the difference and publishes it."""

from __future__ import annotations

import contextlib
import csv
import io
import re
import shutil
import sys
import time
from fractions import Fraction

import pytest
from fastapi.testclient import TestClient

from grader.classwork import Done
from grader.cli import run
from grader.model import CheckOutcome, ExerciseOutcome, Finding, FunctionOutcome, Rung, Verdict
from grader.serve import regrading, uploads
from grader.serve.app import create_app
from grader.serve.regrading import Step
from grader.serve.rules import set_rules
from grader.serve.service import open_service
from tests.marks.worlds import RUN
from tests.serve.conftest import RIGHT, TINY, Site, add_people, form_of, send, settings_for, wait_for
from tests.store.conftest import make_database, server  # noqa: F401 - fixtures

CHECKS = "reference/checks/power.py"
WRONG = Finding(rung=Rung.VALUE, message="6 of 6 values are off.")
# Every check of the exercise has its points; together they are 12.
FULL = 12


@pytest.fixture
def course(tmp_path):
    """A copy of the course of one exercise, and a second one like it, which a test may change."""
    place = tmp_path / "course"
    shutil.copytree(TINY, place, ignore=shutil.ignore_patterns("__pycache__", "experiments"))
    for path in [*place.rglob("power*.py"), *place.rglob("power*.toml")]:
        text = path.read_text().replace("cube_", "twice_").replace("third_power", "second_twice").replace('"power"', '"twice"')
        path.with_name(path.name.replace("power", "twice")).write_text(text)
    about = place / "course.toml"
    about.write_text(about.read_text() + 'twice = ["twice.py"]\n')
    return place


def change(course, old, new, file=CHECKS):
    text = (course / file).read_text()
    assert old in text
    (course / file).write_text(text.replace(old, new))


def sharpen(course):
    """Look at a further case, so that outcomes may be others; names and points stay."""
    change(course, "(1.0, 2.5):\n        yield compare(student", "(1.0, 2.5, 4.0):\n        yield compare(student")


def forget_imports(course):
    """As a new process does, to which a course that has changed is another one."""
    for name in [name for name in sys.modules if name.startswith("_layerwise_course_")]:
        del sys.modules[name]
    for folder in course.rglob("__pycache__"):
        shutil.rmtree(folder)


class Judge:
    """A pool that judges by the words of a submission: ``# fails: scales_the_cube`` fails that check, ``# breaks`` breaks the machinery."""

    def __init__(self, service, strict):
        self.service, self.strict = service, strict
        self.seen = []

    def run(self, tasks):
        for task in tasks:
            text = "".join(file.text for file in task.submission.files)
            self.seen.append((task.submission.name, task.exercises))
            if "# breaks now" in text and self.strict:
                yield Done(number=task.number, lost="The worker vanished.")
            else:
                yield Done(number=task.number, outcomes=tuple(self.outcome(name, text) for name in task.exercises), run=RUN)

    def outcome(self, exercise, text):
        failing = set(re.findall(r"# fails: (\w+)", text)) | (set(re.findall(r"# fails now: (\w+)", text)) if self.strict else set())
        functions = {}
        for check in self.service.cards.editions.today[exercise].checks:
            verdict = Verdict.WRONG_ANSWER if check.name in failing else Verdict.ACCEPTED
            finding = None if verdict is Verdict.ACCEPTED else WRONG
            functions.setdefault(check.function, []).append(CheckOutcome(check=check.name, verdict=verdict, finding=finding))
        found = tuple(FunctionOutcome(function=name, checks=tuple(own)) for name, own in functions.items())
        return ExerciseOutcome(exercise=exercise, path=f"{exercise}.py", functions=found)

    def close(self):
        pass


@contextlib.contextmanager
def serving(tmp_path, course, *, strict=False, people=False, grades=True, **settings):
    """A service over the store of this test, that grades by words."""
    forget_imports(course)
    service = open_service(settings_for(tmp_path, course_root=course, **settings))
    if people:
        add_people(service.database)
    judge = Judge(service, strict)
    service.grading._open_pool = lambda: judge
    site = Site(service, create_app(service))
    site.judge = judge
    try:
        if grades:
            service.start()
        yield site
    finally:
        service.close()


def hand_in(site, name, text, exercise="power"):
    browser = site.browser(name)
    number = send(browser, text, exercise=exercise, name=f"{exercise}.py")
    wait_for(browser, number, seconds=20)
    return number


def marks_of(site, name="ada"):
    return {one["exercise"]: one["mark"] for one in site.browser(name).get("/api/v1/syllabus").json()["exercises"]}


def regrade(site, *exercises):
    """Begin one as an instructor does, and wait until all of it was tried."""
    ira = site.browser("ira")
    answer = ira.post("/staff/regrading", data={"form": form_of(ira), "exercise": list(exercises or ("power", "twice"))})
    assert answer.status_code == 303, answer.text
    number = regrading.newest(site.service.database)[0].id
    until = time.monotonic() + 20
    while (found := regrading.find(site.service.database, number)).waiting:
        assert time.monotonic() < until, found
        time.sleep(0.02)
    return found


def decide(site, number, what, who="ira"):
    browser = site.browser(who)
    return browser.post(f"/staff/regrading/{number}/{what}", data={"form": form_of(browser)})


@pytest.fixture
def graded(tmp_path, course):
    """Ada's power would lose two points if it were graded strictly, Bob's would not; both were graded before the course changed."""
    with serving(tmp_path, course, people=True) as site:
        numbers = [hand_in(site, "ada", RIGHT + "# fails now: scales_the_cube\n"), hand_in(site, "bob", RIGHT + "# bob\n")]
    sharpen(course)
    return numbers


# -------------------------------------------------------------------------------------------------------------- every door alike


def test_a_terminal_marks_as_the_service_did_once_it_has_ended(tmp_path, course, capsys):
    with (course / "course.toml").open("a") as about:
        about.write('\n[grading]\nattempts = "last"\n')
    with serving(tmp_path, course, people=True) as site:
        set_rules(site.service.rules, "", {"attempts": "best"}, by=0)
        hand_in(site, "ada", RIGHT + "# fails: scales_the_cube\n")
        hand_in(site, "ada", RIGHT + "# fails: scales_the_cube\n# fails: returns_the_gradient\n")
        # The last upload is for one exercise, and leaves the other one alone.
        hand_in(site, "ada", RIGHT.replace("cube_", "twice_"), exercise="twice")
        hand_in(site, "bob", RIGHT)
        tom = site.browser("tom")
        wait_for(site.browser("ada"), send(site.browser("ada"), "nothing = 1\n", exercise="", name="notes.py"))
        shown = tom.get("/staff/gradebook.csv").text
    rows = {row["student"]: row for row in csv.DictReader(io.StringIO(shown))}

    exits = [run(["rescore", str(tmp_path), "--course", str(course)])]
    diff = capsys.readouterr().out
    exits.append(run(["explain", str(tmp_path), "ada", "power", "--course", str(course)]))
    story = capsys.readouterr().out
    exits.append(run(["class", str(tmp_path), "--no-similarity", "--course", str(course)]))
    exits.append(run(["export", "gradebook", str(tmp_path), "--course", str(course)]))
    capsys.readouterr()
    exported = (tmp_path / "exports" / "gradebook.csv").read_bytes().decode()

    assert (rows["ada"]["power"], rows["ada"]["twice"], rows["bob"]["twice"]) == ("10.00", "12.00", "0.00")
    assert exits == [0] * 4
    assert (tmp_path / "gradebook.csv").read_bytes().decode() == exported == shown
    assert "0 up, 0 down, 2 same" in diff
    assert "upload 1: power.py" in story
    assert "upload 3" not in story


def test_an_end_leaves_a_revision_of_the_marks_as_they_stand(tmp_path, course):
    with serving(tmp_path, course, people=True) as site:
        hand_in(site, "ada", RIGHT)
        store = site.service.reader
        early = store.revision()

    with serving(tmp_path, course, grades=False) as site:
        late = site.service.reader.revision()

    assert {mark.final for mark in early.marks} == {Fraction(0)}
    assert {mark.exercise: mark.final for mark in late.marks if mark.student == "ada"} == {"power": FULL, "twice": 0}


# ------------------------------------------------------------------------------------------------------ published means published


def test_a_sharper_check_changes_no_mark_by_itself(tmp_path, course, graded):
    with serving(tmp_path, course, strict=True) as site:
        marks = marks_of(site)
        card = site.browser("ada").get(f"/api/v1/uploads/{graded[0]}/scorecard").json()
        outlook = site.browser("tom").get("/staff/regrading").text

    assert (marks["power"], card["points"]) == ("12", 12)
    assert "2 uploads of 2 students" in outlook
    assert "reference/checks/power.py" in outlook
    assert "reference/checks/twice.py" not in outlook


def test_the_same_work_handed_in_again_after_the_change_changes_nobody_elses_mark(tmp_path, course, graded):
    with serving(tmp_path, course, strict=True) as site:
        hand_in(site, "bob", RIGHT + "# fails now: scales_the_cube\n")

        # Two points of a check go; ada's upload has the very same text.
        assert (marks_of(site, "bob")["power"], marks_of(site, "ada")["power"]) == ("10", "12")


def test_a_regrade_shows_who_goes_down_and_why_and_counts_when_it_is_published(tmp_path, course, graded, capsys):
    with serving(tmp_path, course, strict=True) as site:
        found = regrade(site)
        page = site.browser("tom").get("/staff/regrading").text
        table = site.browser("tom").get(f"/staff/regrading/{found.id}/diff.csv").text
        unseen = marks_of(site)["power"]
        unseen_card = site.browser("ada").get(f"/api/v1/uploads/{graded[0]}/scorecard").json()["points"]

        answer = decide(site, found.id, "publish")

        card = site.browser("ada").get(f"/api/v1/uploads/{graded[0]}/scorecard").json()["points"]
        story = site.browser("tom").get(f"/staff/people/{site.account('ada').id}").text
        store = site.service.reader
        kept = [store.revision(one.id) for one in store.revisions()[-2:]]
        log = site.browser("tom").get("/staff/log").text
        after = marks_of(site)["power"], marks_of(site, "bob")["power"]
    run(["diff", f"{tmp_path}@{kept[0].id}", f"{tmp_path}@{kept[1].id}"])
    assert "cube_forward, scales the cube: accepted before, wrong answer now." in " ".join(capsys.readouterr().out.split())
    assert found.counts == {Step.DONE: 2}
    assert re.search(r"<strong>1</strong> down", page)
    assert re.search(r"<strong>1</strong> same total", page)
    assert "cube_forward, scales the cube: accepted before, wrong answer now." in page
    assert "ada,power,down,12.00,10.00,-2.00" in table
    assert (unseen, unseen_card) == ("12", 12)
    assert answer.status_code == 303, answer.text
    assert (after, card) == (("10", "12"), 10)
    assert "scales the cube: 0 of 2" in story
    assert [mark.final for one in kept for mark in one.marks if (mark.student, mark.exercise) == ("ada", "power")] == [12, 10]
    assert "regrade published" in log


def test_a_regrade_that_is_discarded_leaves_everything_as_it_was(tmp_path, course, graded):
    with serving(tmp_path, course, strict=True) as site:
        found = regrade(site)

        decide(site, found.id, "discard")
        late = decide(site, found.id, "publish")

        assert marks_of(site)["power"] == "12"
        assert late.status_code == 409
        assert "What has changed" in site.browser("tom").get("/staff/regrading").text


def test_students_see_nothing_of_a_regrade(tmp_path, course, graded):
    with serving(tmp_path, course, strict=True) as site:
        ada = site.browser("ada")
        paths = ["/", "/uploads", f"/uploads/{graded[0]}", "/exercises/power", "/api/v1/syllabus", f"/api/v1/uploads/{graded[0]}/scorecard"]
        before = [ada.get(path).text for path in paths]

        regrade(site)

        assert [ada.get(path).text for path in paths] == before
        assert ada.get("/staff/regrading").status_code == 404


def test_a_failure_of_the_machinery_is_listed_and_keeps_the_mark(tmp_path, course):
    with serving(tmp_path, course, people=True) as site:
        number = hand_in(site, "ada", RIGHT + "# breaks now\n")
    sharpen(course)
    with serving(tmp_path, course, strict=True) as site:
        found = regrade(site)
        page = site.browser("ira").get("/staff/regrading").text

        decide(site, found.id, "publish")

        assert found.counts == {Step.FAILED: 1}
        assert "0 of 1 upload graded again" in page
        assert re.search(rf"upload {number}</a>, power: The worker vanished\.", page)
        assert marks_of(site)["power"] == "12"


def test_an_upload_of_a_student_goes_before_what_waits_of_a_regrade(tmp_path, course, graded):
    with serving(tmp_path, course, strict=True, grades=False) as site:
        ira = site.browser("ira")
        ira.post("/staff/regrading", data={"form": form_of(ira), "exercise": "power"})
        fresh = send(site.browser("bob"), RIGHT.replace("cube_", "twice_"), exercise="twice", name="twice.py")

        site.service.start()
        wait_for(site.browser("bob"), fresh, seconds=20)

        assert site.judge.seen[0] == ("bob", ("twice",))


def test_a_regrade_is_taken_up_by_the_next_start_and_leads_to_the_course_of_that_day(tmp_path, course, graded):
    with serving(tmp_path, course, strict=True, grades=False) as site:
        ira = site.browser("ira")
        ira.post("/staff/regrading", data={"form": form_of(ira), "exercise": "power"})
        # As a process leaves it that is killed while it grades.
        claimed = regrading.claim(site.service.database)
    change(course, "(1.0, 2.5, 4.0)", "(1.0, 2.5, 8.0)")
    with serving(tmp_path, course, strict=True, grades=False) as site:
        number = regrading.newest(site.service.database)[0].id
        waiting = regrading.items_of(site.service.database, number, Step.QUEUED)
        keys = site.service.marking.keys.of(claimed.digest)

    assert [one.upload for one in waiting] == graded
    assert waiting[0].key == keys["power"] != claimed.key


def test_what_the_process_was_at_is_put_back_and_set_aside_after_too_many_tries(tmp_path, course, graded):
    with serving(tmp_path, course, strict=True, grades=False) as site:
        database = site.service.database
        ira = site.browser("ira")
        ira.post("/staff/regrading", data={"form": form_of(ira), "exercise": "power"})
        for _ in range(regrading.TRIES):
            first = regrading.claim(database)
            regrading.take_up(database)

        failed = regrading.items_of(database, first.regrade, Step.FAILED)

        assert [(one.upload, one.sentence) for one in failed] == [(graded[0], regrading.SET_ASIDE)]


def test_a_new_check_counts_for_new_uploads_and_for_old_ones_once_it_is_published(tmp_path, course, graded):
    change(
        course,
        '@check("cube_backward"',
        '@check("cube_forward", Kind.VALUE, points=4)\ndef is_odd(student, rng):\n    """The cube is odd."""\n'
        "    yield compare(student.cube_forward(rng.normal(size=3))[0])\n\n\n" + '@check("cube_backward"',
    )
    with serving(tmp_path, course, strict=True) as site:
        old = site.browser("ada").get(f"/api/v1/uploads/{graded[0]}/scorecard").json()
        new = hand_in(site, "bob", RIGHT + "# fails: is_odd\n")
        mixed = {row["student"]: row["power"] for row in csv.DictReader(io.StringIO(site.browser("tom").get("/staff/gradebook.csv").text))}
        card = site.browser("bob").get(f"/api/v1/uploads/{new}/scorecard").json()
        found = regrade(site)
        page = site.browser("tom").get("/staff/regrading").text
        decide(site, found.id, "publish")
        published = site.browser("ada").get("/api/v1/syllabus").json()["exercises"][0]

    # 12 points before, 16 since; ada loses two of them to the sharper check.
    assert (old["points"], old["max_points"]) == (12, 12)
    assert (card["points"], card["max_points"]) == (12, 16)
    assert mixed == {"ada": "12.00", "bob": "12.00"}
    assert "cube_forward, is odd: a new check of 4 points." in page
    assert "adds up the points of these checks in another way" not in page
    assert (published["mark"], published["max_points"]) == ("14", 16)


def test_other_points_wait_for_a_regrade_that_runs_nothing(tmp_path, course):
    with serving(tmp_path, course, people=True) as site:
        hand_in(site, "ada", RIGHT + "# fails: scales_the_cube\n")
    change(course, "Kind.VALUE, points=2", "Kind.VALUE, points=1")
    with serving(tmp_path, course) as site:
        before = site.browser("ada").get("/api/v1/syllabus").json()["exercises"][0]
        found = regrade(site)
        decide(site, found.id, "publish")
        after = site.browser("ada").get("/api/v1/syllabus").json()["exercises"][0]

        assert site.judge.seen == []
    assert found.total == 0
    assert [(one["mark"], one["max_points"]) for one in (before, after)] == [("10", 12), ("10", 11)]


def test_one_regrade_at_a_time(tmp_path, course, graded):
    with serving(tmp_path, course, strict=True) as site:
        regrade(site)
        ira = site.browser("ira")

        answer = ira.post("/staff/regrading", data={"form": form_of(ira), "exercise": "power"})

        assert answer.status_code in (409, 422)
        assert len(regrading.newest(site.service.database)) == 1


def test_an_assistant_looks_and_decides_nothing(tmp_path, course, graded):
    with serving(tmp_path, course, strict=True) as site:
        found = regrade(site)

        answers = [decide(site, found.id, what, who="tom").status_code for what in ("publish", "discard", "again")]

        page = site.browser("tom").get("/staff/regrading").text
        assert answers == [403, 403, 403]
        assert "An instructor publishes or discards it." in page
        assert regrading.find(site.service.database, found.id).state is regrading.State.OPEN


def test_the_same_on_postgresql(tmp_path, course, make_database):  # noqa: F811 - pytest gives the fixture by its name
    place = make_database()
    with serving(tmp_path, course, people=True, place=place) as site:
        hand_in(site, "ada", RIGHT + "# fails now: scales_the_cube\n")
    sharpen(course)
    with serving(tmp_path, course, strict=True, place=place) as site:
        found = regrade(site)
        before = marks_of(site)["power"]

        decide(site, found.id, "publish")

        assert (before, marks_of(site)["power"]) == ("12", "10")
        assert [one.command for one in site.service.reader.revisions()][-1] == "regrade"


def test_a_regrade_with_real_workers(tmp_path, course):
    lenient = RIGHT.replace("out = scale * x**3", "out = min(scale, 3.0) * x**3")
    for strict in (False, True):
        forget_imports(course)
        service = open_service(settings_for(tmp_path, course_root=course, jobs=1))
        app = create_app(service)
        with TestClient(app):
            site = Site(service, app)
            if not strict:
                add_people(service.database)
                number = send(site.browser("ada"), lenient)
                wait_for(site.browser("ada"), number)
                first = marks_of(site)["power"]
                sharpen(course)
            else:
                same = marks_of(site)["power"]
                found = regrade(site)
                decide(site, found.id, "publish")
                second = marks_of(site)["power"]

    # The checks of a function count beside right values alone, and six points are the forward pass's.
    assert (first, same, second) == ("12", "12", "6")
    assert uploads.State.GRADED is uploads.find_upload(service.database, number).state
