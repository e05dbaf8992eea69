"""A kit holds what students may have, and nothing of the hidden side."""

from __future__ import annotations

import ast
import base64
import dataclasses
import json
import shutil
import tomllib
import zipfile
from io import BytesIO

import pytest
import yaml

from grader import __version__
from grader.catalog import Course, load_checks, load_course, load_mistakes, variant_sources
from grader.errors import CourseError, SubmissionError
from grader.kit.build import build_kit, write_kit, zip_of
from grader.model import Visibility
from tests.loop import TINY

SECRET = b"a secret seed of the instructor, 2026"
LONG = 30


@pytest.fixture(scope="module")
def kit_text(default_course: Course) -> str:
    """All that is in the kit of the default course, but for stubs and specs, which the course publishes word for word."""
    files = build_kit(default_course, template=True).files
    texts = {path: content.decode() for path, content in files.items()}
    published = {text for one in default_course.exercises for text in (one.stub, spec_of(default_course, one.name))}
    return "\n".join(text for text in texts.values() if text not in published)


def spec_of(course: Course, name: str) -> str:
    return (course.root / "exercises" / f"{name}.toml").read_text()


def tiny(folder, checks: str = "", **settings: str) -> Course:
    """A copy of the tiny course, with further checks."""
    shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("__pycache__"))
    path = folder / "reference" / "checks" / "power.py"
    path.write_text(path.read_text() + checks)
    if settings:
        (folder / "course.toml").write_text((folder / "course.toml").read_text() + "".join(f"\n{line}" for line in settings.values()))
    return load_course(folder)


def statements(source: str) -> set[str]:
    """The longer lines of the bodies of all functions, without docstrings and comments."""
    lines = source.splitlines()
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1 if ast.get_docstring(node) is not None else 0 :]
            found |= {lines[number - 1].strip() for one in body for number in range(one.lineno, (one.end_lineno or one.lineno) + 1)}
    return {line for line in found if len(line) > LONG}


def test_no_line_of_the_reference_or_of_a_variant_is_in_it(default_course, kit_text):
    sources = [path.read_text() for path in (default_course.root / "reference").glob("*.py")]
    sources += [text for one in default_course.exercises for text in variant_sources(default_course, one).values()]
    lines = set().union(*map(statements, sources))

    assert len(lines) > 1000
    assert [line for line in lines if line in kit_text] == []


def test_no_line_of_a_check_is_in_it(default_course, kit_text):
    sources = [path.read_text() for path in (default_course.root / "reference" / "checks").glob("*.py")]
    lines = set().union(*map(statements, sources))

    assert len(lines) > 1000
    assert [line for line in lines if line in kit_text] == []


def test_no_hidden_check_is_in_it_by_name_or_by_requirement(default_course, kit_text):
    checks = [check for one in default_course.exercises for check in load_checks(default_course, one)]
    public = [check for check in checks if check.visibility is Visibility.PUBLIC]
    # A public sentence may begin with what it asks for besides, and go on as a hidden one does.
    said = "\n".join(check.requirement for check in public)
    names = {check.name for check in public}
    hidden = [check for check in checks if check.visibility is Visibility.HIDDEN]

    assert len(hidden) > 500
    assert [check.name for check in hidden if check.name not in names and f'"{check.name}"' in kit_text] == []
    assert [check.name for check in hidden if check.requirement not in said and json.dumps(check.requirement)[1:-1] in kit_text] == []


def test_no_explanation_of_a_mistake_is_in_it(default_course, kit_text):
    mistakes = [mistake for one in default_course.exercises for mistake in load_mistakes(default_course, one)]

    assert len(mistakes) > 1000
    assert [one.name for one in mistakes if one.explanation in kit_text] == []


@pytest.mark.parametrize("written", [bytes.decode, bytes.hex, lambda seed: base64.b64encode(seed).decode()], ids=["raw", "hex", "base64"])
def test_no_seed_is_in_it_however_written(tiny_course, written):
    course = dataclasses.replace(tiny_course, seed=SECRET, seed_is_secret=True)

    text = "\n".join(content.decode() for content in build_kit(course).files.values())

    assert written(SECRET) not in text


def test_a_secret_seed_changes_no_byte(tmp_path, monkeypatch):
    # The second check makes as many calls as its seed says, so that the numbers of all later calls would show it.
    checks = (
        '@check("cube_backward", Kind.VALUE, points=1)\ndef calls_often(student, rng):\n    """Calls."""\n'
        "    for _ in range(int(rng.integers(1, 50))):\n        yield compare(student.cube_forward(rng.normal(size=2))[0])\n\n"
        '@check("cube_backward", Kind.SMOKE, points=0, public=True)\ndef is_small(student, rng):\n    """Return one array."""\n'
        "    yield compare(student.cube_backward(rng.normal(size=2), student.cube_forward(rng.normal(size=2))[1]))\n"
    )
    monkeypatch.delenv("TINY_SEED", raising=False)
    without = build_kit(tiny(tmp_path / "course", checks))
    monkeypatch.setenv("TINY_SEED", SECRET.decode())
    course = load_course(tmp_path / "course")

    kit = build_kit(course)

    assert course.seed == SECRET
    assert kit.files == without.files


def test_weights_deadlines_and_the_place_of_the_seed_stay_with_the_course(tmp_path):
    course = tiny(tmp_path / "course", grading="[grading]\ndeadline = 2026-12-01T12:00:00Z\n")

    table = tomllib.loads(build_kit(course).files["kit/course.toml"].decode())

    assert set(table) == {"name", "title", "version", "kit", "layout", "sandbox"}
    assert table["kit"] == {"format": 1, "course": course.digest}


def test_only_what_a_kit_is_made_of_is_in_it(tmp_path):
    course = tiny(tmp_path / "course")
    (course.root / "secret-seed.txt").write_bytes(SECRET)
    (course.root / "exercises" / "notes of the instructor.txt").write_text("solutions")

    kit = build_kit(course)

    inside = ["checks/power.json", "course.toml", "exercises/power.stub", "exercises/power.toml"]
    assert sorted(kit.files) == [".gitignore", "README.md", *(f"kit/{path}" for path in inside), "power.py"]


def test_settings_survive_whatever_their_text_holds(tiny_course):
    course = dataclasses.replace(tiny_course, title='Zahlen "und"\n\\ \x7f 𝔑ew\tnets', modules=("fractions", "statistics"))

    table = tomllib.loads(build_kit(course).files["kit/course.toml"].decode())

    assert table["title"] == course.title
    assert table["sandbox"]["modules"] == ["fractions", "statistics"]


def test_a_template_checks_every_push_with_this_version(tiny_course):
    workflow = yaml.safe_load(build_kit(tiny_course, template=True).files[".github/workflows/check.yml"])

    steps = [step.get("run", "") for step in workflow["jobs"]["check"]["steps"]]

    assert steps[-2:] == [f'python -m pip install "layerwise=={__version__}"', "grade check --format github"]


def test_the_zip_has_the_same_bytes_every_time_and_unpacks_to_one_folder(tiny_course):
    files = build_kit(tiny_course).files

    zipped = zip_of(files, "kit-of-tiny")

    assert zipped == zip_of(dict(reversed(files.items())), "kit-of-tiny")
    with zipfile.ZipFile(BytesIO(zipped)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {f"kit-of-tiny/{path}": text for path, text in files.items()}


def test_a_law_is_counted_and_named_since_its_code_stays_with_the_course(tmp_path):
    check = (
        "from grader.checks import compare_law\n\n\n"
        '@check("cube_forward", Kind.SMOKE, points=0, public=True)\ndef grows(student, rng):\n    """Grow."""\n'
        "    yield compare_law(lambda out: None if out[0] < out[1] else 'shrinks', student.cube_forward(np.array([1.0, 2.0]))[0])\n"
    )

    kit = build_kit(tiny(tmp_path / "course", check))

    assert (kit.checks, kit.weaker) == (2, ("cube_forward: grows",))
    assert "1 of 2 public checks judges less here than in the course" in kit.files["README.md"].decode()
    assert "shrinks" not in "".join(content.decode() for content in kit.files.values())


def test_a_judge_put_in_the_place_of_a_comparison_takes_its_frozen_form_away(tmp_path):
    # As a course does that takes a result in two forms: the comparison behind it knows one of them alone.
    check = (
        "from dataclasses import replace\n\n\n"
        '@check("cube_forward", Kind.SMOKE, points=0, public=True)\ndef takes_both(student, rng):\n    """Return it."""\n'
        "    yield replace(compare(student.cube_forward(np.array([2.0]))[0]), judge=lambda answers: None)\n"
    )

    kit = build_kit(tiny(tmp_path / "course", check))

    found = json.loads(kit.files["kit/checks/power.json"])
    assert [(one["name"], one["expectations"][0]["rule"]) for one in found] == [("cubes_two", "values"), ("takes_both", "returned")]


def test_two_stubs_for_one_file_are_refused(two_exercises):
    course = load_course(two_exercises)
    both = tuple(dataclasses.replace(one, paths=("layers.py",)) for one in course.exercises)

    with pytest.raises(CourseError, match=r"two exercises have their stubs in layers\.py"):
        build_kit(dataclasses.replace(course, exercises=both))


def test_a_kit_is_never_written_over_what_is_there(tiny_course, tmp_path):
    (tmp_path / "power.py").write_text("my work")

    with pytest.raises(SubmissionError, match="is there already"):
        write_kit(build_kit(tiny_course).files, tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["power.py"]
