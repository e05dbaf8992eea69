"""An outcome is used again where all that it depends on is the same, and nowhere else."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest

from grader.batch.keys import exercise_keys, record_key
from grader.catalog import load_course
from grader.model import Limits

COURSE = Path(__file__).parent.parent.parent / "examples" / "numerical_methods"


@pytest.fixture
def root(tmp_path):
    return Path(shutil.copytree(COURSE, tmp_path / "course", ignore=shutil.ignore_patterns("__pycache__")))


def keys_after(root, file, old, new):
    before = exercise_keys(load_course(root))
    path = root / file
    text = path.read_text()
    assert old in text, f"{file} does not hold {old!r}"
    path.write_text(text.replace(old, new, 1))
    after = exercise_keys(load_course(root))
    return {name for name in before if before[name] != after[name]}


def first_check(root):
    return next(path for path in sorted((root / "reference" / "checks").glob("*.py")) if "points=" in path.read_text())


def test_the_same_course_has_the_same_keys(root):
    assert exercise_keys(load_course(root)) == exercise_keys(load_course(root))


def test_points_change_no_key(root):
    path = first_check(root)
    digit = path.read_text().split("points=")[1][0]

    changed = keys_after(root, path.relative_to(root), f"points={digit}", "points=17")

    assert changed == set()


def test_a_comment_changes_no_key(root):
    path = first_check(root)

    changed = keys_after(root, path.relative_to(root), "import ", "# A remark.\nimport ")

    assert changed == set()


def test_a_changed_check_changes_the_key_of_its_exercise_alone(root):
    path = first_check(root)
    name = next(exercise.name for exercise in load_course(root).exercises if path.stem.startswith(exercise.name))

    changed = keys_after(root, path.relative_to(root), "def ", "def a_new_helper():\n    return 1\n\n\ndef ")

    assert changed == {name}


def test_a_changed_reference_changes_the_key_of_its_exercise_alone(root):
    name = load_course(root).exercises[0].name

    changed = keys_after(root, Path("reference") / f"{name}.py", "def ", "NEW = 1\n\n\ndef ")

    assert changed == {name}


def test_a_changed_alias_changes_every_key_since_it_decides_whose_file_is_whose(root):
    name = load_course(root).exercises[0].name

    changed = keys_after(root, Path("exercises") / f"{name}.toml", "aliases = [", "aliases = [\"another_name\", ")

    assert changed == {exercise.name for exercise in load_course(root).exercises}


def test_a_policy_changes_no_key(root):
    text = (root / "course.toml").read_text()
    before = exercise_keys(load_course(root))
    (root / "course.toml").write_text(text + '\n[grading]\nattempts = "best"\n')

    assert exercise_keys(load_course(root)) == before


def test_another_seed_changes_every_key(root):
    course = load_course(root)
    other = dataclasses.replace(course, seed=b"0123456789abcdef")

    keys, others = exercise_keys(course), exercise_keys(other)

    assert all(keys[name] != others[name] for name in keys)


@pytest.mark.parametrize(
    "other",
    [
        {"digest": "other"},
        {"exercise_key": "other"},
        {"sandbox": "docker"},
        {"limits": Limits(call_s=6.0)},
        {"limits": Limits(memory_mib=512)},
    ],
)
def test_a_record_of_other_work_or_another_way_to_run_it_has_another_key(other):
    same = {"digest": "one", "exercise_key": "one", "sandbox": "process", "limits": Limits()}

    def key(parts):
        return record_key(parts["digest"], parts["exercise_key"], sandbox=parts["sandbox"], limits=parts["limits"])

    assert key(same) == key(dict(same))
    assert key(same) != key({**same, **other})
