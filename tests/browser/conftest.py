"""A real service, a real browser before it, and an ear for everything that the browser complains of."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from grader.serve.accounts import Role
from grader.serve.terminal import Line, Place, send
from tests.browser.served import PASSWORD, add_person, address, chromium, find_chromium, serving

try:
    from playwright.sync_api import expect
except ImportError:
    expect = None

ROOT = Path(__file__).parents[2]
TINY = ROOT / "tests" / "courses" / "tiny"
RIGHT = (TINY / "reference" / "power.py").read_text()
WRONG = RIGHT.replace("scale * x**3", "x**3", 1)
AXE = ROOT / "editor" / "node_modules" / "axe-core" / "axe.min.js"
WAIT_MS = 20_000
# Speaks before any page does, where the policy of the page does not reach.
COMPLAIN = 'addEventListener("securitypolicyviolation", (e) => console.error(`policy: ${e.violatedDirective} ${e.sourceFile}`));'


def pytest_collection_modifyitems(items):
    reason = "" if find_chromium() else "there is no chromium here"
    if expect is None:
        reason = 'playwright is not installed: pip install "layerwise[dev]"'
    for item in items:
        if reason and Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=reason))


class Site:
    """The service, and browsers that each begin with nothing."""

    def __init__(self, url, browser):
        self.url, self.browser = url, browser
        self.complaints, self.open = [], []

    def visit(self, name="", path="/", *, script="", **options):
        """A page in a browser of its own, signed in as somebody."""
        options = {"viewport": {"width": 1280, "height": 900}, **options}
        context = self.browser.new_context(base_url=self.url, **options)
        context.set_default_timeout(WAIT_MS)
        context.add_init_script(COMPLAIN + script)
        self.open.append(context)
        page = context.new_page()
        page.on("console", lambda message: self.complaints.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        if name:
            sign_in(page, name, path)
        elif path:
            page.goto(path)
        return page


def sign_in(page, name, path="/"):
    page.goto(f"/sign-in?next={path}")
    page.get_by_label("Email address").fill(address(name))
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def hand_in(url, name, text):
    """From a terminal; returns when it is graded."""
    token = Line(Place(url=url)).ask_json("POST", "/api/v1/sessions", {"email": address(name), "password": PASSWORD})["token"]
    line = Line(Place(url=url, token=token))
    number = send(line, "power.py", text.encode(), "power")["id"]
    while line.ask_json("GET", f"/api/v1/uploads/{number}")["state"] in ("queued", "grading"):
        time.sleep(0.05)
    return number


def course_with_a_hint(folder):
    """The tiny course, which has none."""
    course = shutil.copytree(TINY, folder / "tiny", ignore=shutil.ignore_patterns("__pycache__"))
    exercise = course / "exercises" / "power.toml"
    exercise.write_text(exercise.read_text().replace('aliases = ["third_power"]', 'aliases = ["third_power"]\nhints = ["Look at scale."]'))
    return course


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("service")
    for name, student in {"Ada": "ada", "Bob": "bob", "Cleo": "cleo", "Dan": "dan"}.items():
        add_person(folder, name, Role.STUDENT, student)
    add_person(folder, "Ira", Role.INSTRUCTOR)
    # A machine that is busy with other tests is slow, and no page is wrong for that.
    expect.set_options(timeout=WAIT_MS)
    course = course_with_a_hint(tmp_path_factory.mktemp("course"))
    with serving(folder, "--course", str(course), "--jobs", "1") as url:
        hand_in(url, "Bob", WRONG)
        hand_in(url, "Bob", RIGHT)
        with chromium() as browser:
            yield url, browser


@pytest.fixture
def site(served):
    made = Site(*served)
    yield made
    for context in made.open:
        context.close()
    assert made.complaints == []
