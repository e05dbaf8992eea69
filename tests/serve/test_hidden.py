"""No student is ever sent what is hidden, or anything of another student's: every route is asked for everything."""

from __future__ import annotations

import dataclasses
import html
import io
import itertools
import json
import re
import shutil
import zipfile
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient

from grader.model import Raised
from grader.serve.accounts import Role, accept_invitation, invite, make_account
from grader.serve.app import create_app
from grader.serve.rules import set_rules
from grader.serve.service import open_service
from tests.serve import by_word
from tests.serve.by_word import hand_in, work
from tests.serve.conftest import PASSWORD, TINY, Site, add_people, form_of, send, settings_for
from tests.serve.test_access import ROUTES, routes_of

SEED = "seed-mark-90b1c2d3e4f5a6978877665544332211"
OTHER = {"name": "Zebedee Quillfeather", "email": "quillfeather@example.org", "student": "roll-774411"}
# Where each is written, and in place of what.
MARKS = {
    "requirement-mark": ("reference/checks/power.py", "Multiply the cube by scale."),
    "requirement-two-mark": ("reference/checks/power.py", "Return 3 scale x^2 dout."),
    "check-source-mark": ("reference/checks/power.py", "def call_forward(student, rng, dtype, scale):"),
    "reference-mark": ("reference/power.py", "    out = scale * x**3"),
    "mistake-mark": ("reference/mistakes/power.py", "x is squared, not cubed."),
    "variant-mark": ("reference/variants/power_loops.py", "    out = np.empty_like(x)"),
    "closed-title-mark": ("exercises/twice.toml", 'title = "Powers'),
    "closed-stub-mark": ("exercises/twice.py", "Return scale * x^3"),
}
# A scorecard says what its checks require, to students too; the rest of these only staff may read (docs/scorecard.md, Two views).
REQUIRED = {"requirement-mark", "requirement-two-mark"}
FOR_STAFF = {"fact-mark", "recognised-mark", "raised-mark", "printed-mark"}
# What nobody may read in a page, staff neither.
FOR_NOBODY = {SEED, "check-source-mark", "reference-mark", "mistake-mark", "variant-mark"}
OF_ANOTHER = {"other-code-mark", "other-reason-mark", "7.39", *OTHER.values()}
HIDDEN = {*MARKS, *FOR_STAFF, *FOR_NOBODY, *OF_ANOTHER}
RAISED = Raised(type_name="ValueError", message="raised-mark", path="power.py", line=5, function="cube_forward")
OWN_CARDS = re.compile(r"(/api/v1)?/uploads/[123]($|[/?])")
NUMBERS = (1, 2, 3, 4, 5, 6, 99)
# Everything that is not asked for by its route alone, and why not.
NOT_ASKED = {
    "GET /static": "files of the program, the same whatever the course",
    "POST /sign-in": "no session is behind it; its answers are those of test_access.py",
    "POST /api/v1/sessions": "as above",
}


def written(course):
    """A course in which all that is hidden bears a mark, and that has a second exercise which students do not see."""
    shutil.copytree(TINY, course, ignore=shutil.ignore_patterns("__pycache__"))
    for path in [*course.glob("exercises/power*"), *course.glob("reference/**/power*")]:
        text = path.read_text().replace("cube_", "twice_").replace("third_power", "second_twice").replace('"power"', '"twice"')
        path.with_name(path.name.replace("power", "twice")).write_text(text)
    about = course / "course.toml"
    about.write_text(about.read_text() + 'twice = ["twice.py"]\n')
    for mark, (name, before) in MARKS.items():
        text = (course / name).read_text()
        assert before in text
        after = f"{before}  # {mark}" if before.endswith(":") or before.startswith("    ") else f"{before} {mark}"
        (course / name).write_text(text.replace(before, after))
    return course


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Two students with graded uploads (1 to 3 are Ada's, 4 and 5 the other's), one that waits (6), and a mark that was set by hand."""
    from argon2 import PasswordHasher

    folder = tmp_path_factory.mktemp("service")
    patch = pytest.MonkeyPatch()
    patch.setattr("grader.serve.passwords.hasher", lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    finding = dataclasses.replace(by_word.FINDING, facts={"case": "fact-mark"}, code="recognised-mark", raised=RAISED)
    patch.setattr(by_word, "FINDING", finding)
    judge = by_word._outcome
    patch.setattr(by_word, "_outcome", lambda *given: dataclasses.replace(judge(*given), printed="printed-mark"))
    patch.setenv("TINY_SEED", SEED)
    # It holds for a process for good, and this one has other tests to run.
    patch.setattr("grader.secrecy.shield_memory", lambda: None)
    service = open_service(settings_for(folder, course_root=written(folder / "course")))
    assert service.course.seed == SEED.encode()
    add_people(service.database)
    account = make_account(service.database, role=Role.STUDENT, **OTHER)
    accept_invitation(service.database, invite(service.database, account, days=1), PASSWORD)
    found = Site(service, create_app(service))
    set_rules(service.rules, "twice", {"visible": "no"}, by=0)
    both = work("scales_the_cube", "returns_the_gradient", mistake="scale_forgotten")
    texts = [work("scales_the_cube"), both, work("returns_the_gradient")]
    found.told = []
    with pytest.MonkeyPatch.context() as listening:
        listening.setattr(service.hub, "hears", lambda _upload: True)
        listening.setattr(service.hub, "tell", lambda _upload, event: found.told.append(json.dumps(event)))
        assert hand_in(found, "ada", *texts) == [1, 2, 3]
    others = [work("returns_the_gradient", note="other-code-mark"), work("scales_the_cube", note="other-code-mark again")]
    assert hand_in(found, "quillfeather", *others, name="other-code-mark-power.py") == [4, 5]
    set_by_hand(found, account)
    assert send(found.browser("quillfeather"), work(note="other-code-mark waits")) == 6
    service.hub.close()
    yield found
    service.close()
    patch.undo()


def set_by_hand(site, account):
    ira = site.browser("ira")
    data = {"form": form_of(ira), "exercise": "power", "points": "7.39", "reason": "other-reason-mark"}
    assert ira.post(f"/staff/people/{account.id}/marks", data=data).status_code == 303


def addresses(site, route):
    """Every address of a route, with the numbers of everybody, and with words that ask for more."""
    path = route.partition(" ")[2]
    people = [str(site.account(name).id) for name in ("ada", "quillfeather", "ira")]
    values = {
        "name": ["power", "twice", "none"],
        "table": ["items.csv", "students.csv", "mistakes.csv"],
        "token": ["guessed"],
        "person": people,
        "number": people if "/staff/people/" in path else [str(number) for number in NUMBERS],
        "other": [str(number) for number in NUMBERS],
    }
    names = re.findall(r"\{(\w+)\}", path)
    for chosen in itertools.product(*(values[name] for name in names)):
        address = path.format(**dict(zip(names, chosen, strict=True)))
        more = [f"?view=instructor&hidden=1&student={OTHER['student']}&search=e&next=/staff/gradebook"]
        more += ["?format=text&width=200"] if address.endswith("/scorecard") else []
        yield from (address + query for query in ("", *more))


def shown(answer):
    """All that an answer says: its head and its body, as it is sent and as it is read, with what a zip holds."""
    body = answer.content
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as file:
            body = b"\n".join(file.read(name) for name in file.namelist())
    text = "\n".join([*(f"{name}: {value}" for name, value in answer.headers.items()), body.decode("utf-8", "replace")])
    return f"{text}\n{html.unescape(text)}\n{unquote(text)}".lower()


def found_in(answer, marks=HIDDEN):
    text = shown(answer)
    return {mark for mark in marks if mark.lower() in text}


def ask_all(site, who, method, form=True):
    """What everybody is answered to every route of a method, by address."""
    browser = site.browser(who)
    token = form_of(browser) if form and method != "GET" else ""
    for route in sorted(route for route in routes_of(site.app) if route.startswith(f"{method} ") and route not in NOT_ASKED):
        for address in addresses(site, route):
            if method == "GET":
                yield address, browser.get(address)
                continue
            data = {"form": token, "exercise": "power", "function": "cube_forward", "seen": "0"}
            yield address, browser.request(method, address, data=data, headers={"x-csrf-token": token})
            if address.startswith(("/sign-out", "/sessions", "/api/v1/sessions")):
                browser = site.browser(who)
                token = form_of(browser)


@pytest.fixture(scope="module")
def answers(site):
    """What Ada is answered to every GET, by address."""
    return dict(ask_all(site, "ada", "GET"))


def test_every_route_is_asked_for_or_has_its_reason(site, answers):
    there = set(routes_of(site.app)) | {f"GET {route.path}" for route in site.app.routes if type(route).__name__ == "Mount"}
    methods = {route.partition(" ")[0] for route in there}

    listed = {re.sub(r"/staff/people/\{person\}", "/staff/people/{number}", route) for route in {*ROUTES, *NOT_ASKED}}
    assert methods == {"GET", "POST", "DELETE"}
    assert there == listed | {"GET /api/v1/openapi.json"}
    # The loop has been everywhere: without pages, it could find nothing on them.
    seen = {address.partition("?")[0] for address, answer in answers.items() if answer.status_code == 200}
    assert {"/", "/exercises/power", "/uploads/2", "/uploads/2/against/1", "/uploads/2/figures", "/uploads/2/scorecard.html"} <= seen
    assert {"/api/v1/openapi.json", "/api/v1/uploads/2/events", "/api/v1/uploads/2/scorecard", "/api/v1/exercises/power/stub"} <= seen


def leaks(site, answers, marks=HIDDEN):
    """What should not be there, by address. What an address itself says, an answer may repeat: whoever asks knew it."""
    marks = {*marks, site.service.course.mark.seed_fingerprint}
    found = {}
    for address, answer in answers:
        allowed = {mark for mark in marks if mark.lower() in unquote(address).lower()}
        if OWN_CARDS.match(address):
            allowed |= REQUIRED
        if there := found_in(answer, marks) - allowed:
            found[address] = there
    return found


def test_a_student_is_sent_nothing_that_is_hidden_and_nothing_of_anothers(site, answers):
    assert leaks(site, answers.items()) == {}


def test_what_is_told_while_it_is_graded_holds_nothing_hidden(site):
    text = " ".join(site.told)

    assert {mark for mark in HIDDEN if mark in text} == REQUIRED


@pytest.mark.parametrize("path", ["%2e%2e/tables.py", "..%2ftables.py", "/etc/passwd", "%2fetc%2fpasswd", ""])
def test_no_path_leads_out_of_the_static_files(path, site):
    assert site.browser("ada").get(f"/static/{path}").status_code == 404


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_what_a_student_sends_is_answered_with_nothing_hidden_either(method, site):
    assert leaks(site, ask_all(site, "ada", method)) == {}


def test_what_another_student_has_is_there_for_that_student(site):
    # The same loop, so that it is one that finds: all but the reason, which is for staff.
    found = set().union(*(found_in(answer) for _address, answer in ask_all(site, "quillfeather", "GET")))

    assert found - {"other-reason-mark"} == {*OF_ANOTHER, *REQUIRED} - {"other-reason-mark"}


def test_an_assistant_reads_what_is_hidden_where_staff_may(site):
    tom = site.browser("tom")
    person = site.account("quillfeather").id

    story = tom.get(f"/staff/people/{person}")
    export = tom.post("/staff/exports", data={"form": form_of(tom), "what": "scorecards"})

    assert found_in(story) >= {"requirement-mark", "other-reason-mark", "7.39", *OTHER.values()}
    assert found_in(export, marks := {*REQUIRED, *FOR_STAFF, site.service.course.mark.seed_fingerprint}) == marks


def test_what_is_for_nobody_is_not_sent_to_staff_either(site):
    found = {address: marks for address, answer in ask_all(site, "ira", "GET") if (marks := found_in(answer, FOR_NOBODY))}

    assert found == {}


def test_every_answer_carries_what_forbids_browsers_the_rest(answers):
    for address, answer in answers.items():
        assert "default-src 'none'" in answer.headers["content-security-policy"], address
        assert "unsafe" not in answer.headers["content-security-policy"], address
        assert answer.headers["x-content-type-options"] == "nosniff", address
        assert (answer.headers["cache-control"] == "no-store") is not address.startswith(("/static/", "/style/")), address


@pytest.mark.parametrize("path", ["/uploads", "/api/v1/uploads"])
def test_a_fault_of_ours_says_nothing_and_is_kept_by_nobody(path, site, monkeypatch):
    def broken(*_given):
        raise RuntimeError(f"{SEED} requirement-mark")

    monkeypatch.setattr("grader.serve.views.upload_shapes", broken)
    ada = site.browser("ada")
    calm = TestClient(site.app, raise_server_exceptions=False, cookies=ada.cookies)

    answer = calm.get(path)

    assert (answer.status_code, found_in(answer)) == (500, set())
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert (answer.headers["x-content-type-options"], answer.headers["cache-control"]) == ("nosniff", "no-store")
