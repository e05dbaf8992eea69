"""The public checks of a kit judge as the course's own public checks do."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from grader.catalog import PUBLIC_SEED, Course, find_course, load_checks, load_course, load_mistakes, load_reference, variant_sources
from grader.catalog import reference_source as reference_of
from grader.checks.mistakes import mistaken_source
from grader.checks.plan import plan_checks
from grader.errors import CourseError
from grader.execution import execute
from grader.grading import Grader, grade_submission
from grader.judging import judge_check
from grader.kit.build import build_kit, write_kit
from grader.kit.freeze import is_whole
from grader.kit.thaw import WEAKER, load_public_checks
from grader.locate import names_of
from grader.model import Limits, Verdict, Visibility
from grader.sandbox.inside import request
from tests.loop import RIGHT, TINY, WRONG

EXERCISES = [path.stem for path in sorted((Path(__file__).parents[2] / "exercises").glob("*.toml"))]
LIMITS = Limits(call_s=2.0)
# Of each exercise, so many mistakes spread over all of them.
SAMPLE = 12


@pytest.fixture(scope="module")
def kit(default_course: Course, tmp_path_factory) -> Course:
    """The kit of the default course."""
    folder = tmp_path_factory.mktemp("kit")
    write_kit(build_kit(default_course).files, folder)
    return find_course(folder / "kit")


def public_plan(course: Course, name: str):
    exercise = course.exercise(name)
    checks = [check for check in load_checks(course, exercise) if check.visibility is Visibility.PUBLIC]
    module = load_reference(course, exercise)
    return plan_checks(checks, module, labels=exercise.labels, aliases=exercise.aliases, seed_of=lambda _check: PUBLIC_SEED)


def judged(plan, course, name, source, sandbox, submit):
    """What every expectation of a plan came to, check by check."""
    submission = submit({f"{name}.py": source})
    execution = execute(plan, submission, f"{name}.py", sandbox, LIMITS, names_of(course.exercise(name)))
    return {(one.check.function, one.check.name): [seen.finding for seen in judge_check(one, execution.answers)] for one in plan}


@pytest.mark.parametrize("name", EXERCISES)
def test_the_calls_are_those_of_the_course(default_course, kit, name):
    theirs = [call for one in public_plan(default_course, name) for call in one.calls]

    ours = [call for one in load_public_checks(kit, kit.exercise(name)) for call in one.calls]

    for call, original in zip(ours, theirs, strict=True):
        assert (call.number, call.function, call.returns, call.wants, call.reply_bytes) == (
            original.number, original.function, original.returns, original.wants, original.reply_bytes,
        )  # fmt: skip
        # Marshal writes equal values in different ways, and reads them alike.
        assert repr(request.decode(call.frame)) == repr(request.decode(original.frame))


@pytest.mark.parametrize("name", EXERCISES)
def test_right_solutions_are_right_in_a_kit_and_wrong_ones_are_told_what_the_course_tells(default_course, kit, name, sandbox, submit):
    plan, frozen = public_plan(default_course, name), load_public_checks(kit, kit.exercise(name))
    whole = {(one.check.function, one.check.name) for one in plan if is_whole(one)}
    source = reference_of(default_course, default_course.exercise(name))
    mistakes = load_mistakes(default_course, default_course.exercise(name))
    right = [source, *variant_sources(default_course, default_course.exercise(name)).values()]
    wrong = [mistaken_source(source, one) for one in mistakes[:: max(1, len(mistakes) // SAMPLE)]]

    refused = 0
    for text in (*right, *wrong, default_course.exercise(name).stub, "def broken(:\n"):
        theirs = judged(plan, default_course, name, text, sandbox, submit)
        ours = judged(frozen, kit, name, text, sandbox, submit)
        assert {key: ours[key] for key in whole} == {key: theirs[key] for key in whole}
        # What has no frozen form is less strict at home than in class, never more.
        assert [key for key in ours if any(ours[key]) and not any(theirs[key])] == []
        assert text not in right or not any(finding for findings in ours.values() for finding in findings)
        refused += any(finding for findings in ours.values() for finding in findings)
    assert refused > 1


def test_a_kit_is_graded_without_a_reference_and_each_check_counts(tmp_path, sandbox, submit):
    write_kit(build_kit(load_course(TINY)).files, tmp_path / "out")
    course = find_course(tmp_path / "out" / "kit")

    right = grade_submission(submit(power=RIGHT), sandbox, grader=Grader(course))
    wrong = grade_submission(submit(power=WRONG), sandbox, grader=Grader(course))

    assert (right.points, right.max_points, right.verdict) == (1, 1, Verdict.ACCEPTED)
    assert (wrong.points, wrong.max_points, wrong.verdict) == (0, 1, Verdict.WRONG_ANSWER)
    assert wrong.exercises[0].functions[0].diagnoses == ()


ALL_RULES = '''
from grader.checks import Recipe, compare_dtype, compare_form, compare_law, compare_quiet, compare_shape, compare_unchanged


@check("cube_forward", Kind.VALUE, points=2, public=True)
def keeps_every_rule(student, rng):
    """Every rule."""
    call = student.cube_forward(rng.normal(size=(3, 2)).astype(np.float32), scale=0.5)
    yield compare_shape(call[0])
    yield compare_dtype(call[0], np.float32)
    yield compare_unchanged(call)
    yield compare_quiet(call, call[0])
    yield compare_form(call[0])
    yield compare_law(lambda out: None if out.any() else "zero", call[0])


@check("cube_backward", Kind.GRADIENT, points=1, public=True)
def follows_the_forward_pass(student, rng):
    """The gradient."""
    x, dout = rng.normal(size=3), rng.normal(size=3)
    forward = student.cube_forward(x, scale=2.5)
    yield compare_gradient(student.cube_backward(dout, forward[1]), of=forward, wrt=(0,), upstream=dout, rng=rng)
'''


@pytest.fixture(scope="module")
def of_every_rule(tmp_path_factory) -> tuple[Course, Course]:
    """A course whose public checks use every comparison, and its kit."""
    import shutil

    root = tmp_path_factory.mktemp("rules") / "course"
    shutil.copytree(TINY, root, ignore=shutil.ignore_patterns("__pycache__"))
    path = root / "reference" / "checks" / "power.py"
    path.write_text(path.read_text() + ALL_RULES)
    course = load_course(root)
    write_kit(build_kit(course).files, root.parent / "out")
    return course, find_course(root.parent / "out" / "kit")


@pytest.mark.parametrize(
    ("before", "after", "broken"),
    [
        ("x**3", "x**3", None),
        ("scale * x**3", "np.append(scale * x**3, 0)", 0),
        ("scale * x**3", "(scale * x**3).astype(np.float16)", 1),
        ("    return", "    x += 1\n    return", 2),
        ("scale * x**3", "scale * x**3 / np.zeros_like(x)", 3),
        ("scale * x**3", "scale * x**3 * np.nan", 4),
    ],
)
def test_every_rule_says_what_the_course_says(of_every_rule, before, after, broken, sandbox, submit):
    course, kit = of_every_rule
    text = RIGHT.replace(before, after, 1)
    plan, frozen = public_plan(course, "power"), load_public_checks(kit, kit.exercise("power"))

    theirs = judged(plan, course, "power", text, sandbox, submit)["cube_forward", "keeps_every_rule"]
    ours = judged(frozen, kit, "power", text, sandbox, submit)["cube_forward", "keeps_every_rule"]

    assert (text != RIGHT) == (broken is not None)
    assert ours == theirs
    assert broken is None or ours[broken] is not None


def test_what_is_looked_at_less_closely_says_so(of_every_rule):
    _course, kit = of_every_rule

    said = {one.check.name: one.check.requirement.endswith(WEAKER) for one in load_public_checks(kit, kit.exercise("power"))}

    assert said == {"cubes_two": False, "keeps_every_rule": True, "follows_the_forward_pass": True}


def test_what_is_read_by_form_holds_no_number_of_the_reference(of_every_rule):
    _course, kit = of_every_rule
    table = json.loads((kit.root / "checks" / "power.json").read_text())[1]

    by_form = [result["like"] for one in table["expectations"] if "like" in one["results"][0] for result in one["results"]]

    assert by_form == [{"array": "<f8", "shape": [3, 2]}] * 5


def change(table, path, value):
    *parents, last = path
    for key in parents:
        table = table[key]
    table[last] = value


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ((0, "extra"), 1),
        ((0, "points"), -1),
        ((0, "points"), 10**9),
        ((0, "name"), 3),
        ((0, "kind"), "luck"),
        ((0, "function"), "somebody_elses"),
        ((0, "calls"), []),
        ((0, "calls"), None),
        ((0, "calls", 0, "number"), 7),
        ((0, "calls", 0, "arguments"), {"pickle": "gASV"}),
        ((0, "calls", 0, "wants"), [[0]]),
        ((0, "calls", 0, "wants"), []),
        ((0, "expectations", 0, "rule"), "luck"),
        ((0, "expectations", 0, "given"), {}),
        ((0, "expectations", 0, "given", "tolerance"), {"tuple": []}),
        ((0, "expectations", 0, "results", 0, "item"), 5),
        ((0, "expectations", 0, "results", 0, "expected"), 5),
    ],
    ids=str,
)
def test_an_edited_check_is_refused_in_one_sentence(tmp_path, path, value):
    write_kit(build_kit(load_course(TINY)).files, tmp_path / "out")
    kit = find_course(tmp_path / "out" / "kit")
    file = kit.root / "checks" / "power.json"
    table = json.loads(file.read_text())
    change(table, path, value)
    file.write_text(json.dumps(table))

    with pytest.raises(CourseError, match=r"power\.json is not as it was made") as caught:
        load_public_checks(kit, kit.exercise("power"))

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["", "{", "3", "[3]", "[" * 100_000, '[{"name": "x"}]', "\ud800".encode("utf-8", "surrogatepass")], ids=repr
)
def test_what_is_no_list_of_checks_is_refused_in_one_sentence(tmp_path, text):
    write_kit(build_kit(load_course(TINY)).files, tmp_path / "out")
    kit = find_course(tmp_path / "out" / "kit")
    (kit.root / "checks" / "power.json").write_bytes(text if isinstance(text, bytes) else text.encode())

    with pytest.raises(CourseError, match="is not as it was made"):
        load_public_checks(kit, kit.exercise("power"))


def test_the_public_cases_read_as_what_they_are(kit):
    table = json.loads((kit.root / "checks" / "activations.json").read_text())[0]

    call = table["calls"][0]

    # The check is `compare(sigmoid_forward(np.array([[-1.5, 2.0]]))[0])`; the sigmoid is 1 / (1 + e^-x).
    assert (call["function"], call["arguments"]) == (
        "sigmoid_forward",
        {"tuple": [{"array": "<f8", "shape": [1, 2], "values": [-1.5, 2.0]}]},
    )
    expected = table["expectations"][0]["given"]["expected"]["tuple"][0]["values"]
    np.testing.assert_allclose(expected, [1 / (1 + np.exp(1.5)), 1 / (1 + np.exp(-2.0))], rtol=1e-15)
