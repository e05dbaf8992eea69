"""The editor: what the page holds without JavaScript, where the script is sent, and that it is what its sources make."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.serve.conftest import form_of

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "grader" / "serve" / "static"
EDITOR = ROOT / "editor"
SCRIPT = '<script src="/static/editor.js"'


def test_what_is_sent_is_a_plain_text_area_that_is_there_without_javascript(site):
    page = site.browser("ada").get("/exercises/power").text

    assert re.search(r'<textarea id="text" name="text"[^>]* required>\n"""Powers', html.unescape(page))
    # What only works with the script is only shown by it.
    assert [tag for tag in re.findall(r"<[^>]*\bdata-editor\b[^>]*>", page, flags=re.S) if " hidden" not in tag] == []


def test_the_editor_is_sent_to_who_can_hand_in_and_on_an_exercises_page_alone(site):
    ada, ira = site.browser("ada"), site.browser("ira")

    pages = {"exercise": ada.get("/exercises/power"), "syllabus": ada.get("/"), "uploads": ada.get("/uploads")}
    pages["staff"] = ira.get("/exercises/power")

    assert {name for name, page in pages.items() if SCRIPT in page.text} == {"exercise"}


def test_a_refused_text_comes_back_as_such_so_that_the_draft_is_not_taken_for_handed_in(site):
    ada = site.browser("ada")

    data = {"form": form_of(ada), "exercise": "power", "text": "# mine"}
    # Nothing is graded here, and only three may wait.
    answers = [ada.post("/uploads", data=data) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [303, 303, 303, 429]
    assert 'data-refused="yes"' in answers[3].text
    assert "# mine</textarea>" in answers[3].text
    assert "data-refused" not in ada.get("/exercises/power").text


def test_the_bundle_is_small_and_says_whose_work_is_in_it(site):
    bundle, licences = (STATIC / name for name in ("editor.js", "editor.licences.txt"))

    assert bundle.stat().st_size < 500_000
    packages = re.findall(r"^(\S+) (\d+\.\d+\.\d+) \((\S+)\)$", licences.read_text(), flags=re.M)
    assert {licence for _name, _version, licence in packages} == {"MIT"}
    assert {"@codemirror/view", "@codemirror/lang-python", "style-mod"} <= {name for name, _version, _licence in packages}


def test_packages_are_pinned_by_hash_and_no_host_is_named():
    lock = (EDITOR / "package-lock.json").read_text()

    assert lock.count('"integrity": "sha512-') == lock.count('    "node_modules/')
    assert "://" not in re.sub(r'"(url|funding)": .*', "", lock)


def test_the_bundle_is_made_again_byte_for_byte():
    if not shutil.which("node") or not (EDITOR / "node_modules").is_dir():
        pytest.skip("needs node, and the packages: .ci/editor packages")

    made = subprocess.run([ROOT / ".ci" / "editor", "check"], capture_output=True, text=True, timeout=60, check=False)

    assert (made.returncode, made.stdout, made.stderr) == (0, "", "")
