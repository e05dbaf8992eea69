"""A small scorecard with a bit of everything: two exercises, a public and a hidden check, an exception, a known mistake."""

from __future__ import annotations

import hashlib

from grader.model import (
    CheckScore,
    CourseMark,
    Diagnosis,
    ExerciseScore,
    Finding,
    FunctionScore,
    Kind,
    Layers,
    Limits,
    Problem,
    Raised,
    Rung,
    RunInfo,
    Scorecard,
    SourceFile,
    Submission,
    Verdict,
    Visibility,
)

TEXT = """class OddShape(ValueError):
    pass

def cube_forward(x):
    return x ** 2

def cube_backward(dout):
    return dout[:, 0, 0]
"""

RUN = RunInfo(
    started_at="2025-09-01T08:00:00+00:00",
    duration_s=0.0412,
    layerwise="0.1.0",
    python="3.13.5",
    numpy="2.3.1",
    platform="linux",
    layers=Layers(sandbox="process", seccomp=True, landlock_abi=6, rlimits=True),
    limits=Limits(),
)

COURSE = CourseMark(name="tiny", version="1", digest="sha256:" + "c" * 64, seed="secret", seed_fingerprint="5eedf1a9e4b2")

OFF = Finding(
    rung=Rung.VALUE,
    message="6 of 6 values are off, by up to 0.41 at [1, 2].",
    facts={"off": 6, "of": 6, "largest_error": 0.4100731, "at": [1, 2], "got": 1.5, "expected": 1.0899269, "rtol": 1e-7},
)

RAISED = Finding(
    rung=Rung.RETURNED,
    message="cube_backward raised IndexError at power.py, line 8.",
    verdict=Verdict.RUNTIME_ERROR,
    raised=Raised(
        type_name="IndexError",
        message="too many indices for array: array is 2-dimensional, but 3 were indexed",
        path="power.py",
        line=8,
        function="cube_backward",
    ),
)


def make_submission(text=TEXT, **changes):
    data = text.encode()
    file = SourceFile(path="power.py", text=text, sha256=hashlib.sha256(data).hexdigest(), size=len(data))
    problem = Problem(path="numpy.py", message="has the name of a library, which is what an import finds; rename it")
    return Submission(**{"name": "ada", "files": (file,), "problems": (problem,), "digest": "sha256:" + "a" * 64, **changes})


def make_check(**changes):
    defaults = {
        "name": "cubes_every_element",
        "kind": Kind.VALUE,
        "title": "cubes every element",
        "requirement": "Raise every element of x to the third power.",
        "visibility": Visibility.HIDDEN,
        "verdict": Verdict.WRONG_ANSWER,
        "points": 0,
        "max_points": 2,
        "finding": OFF,
        "failed": 2,
        "comparisons": 2,
        "follow_through": "",
    }
    return CheckScore(**{**defaults, **changes})


def make_function(*checks, name="cube_forward", **changes):
    defaults = {
        "name": name,
        "verdict": Verdict.WRONG_ANSWER,
        "points": sum(check.points for check in checks),
        "max_points": sum(check.max_points for check in checks),
        "checks": checks,
        "diagnoses": (),
    }
    return FunctionScore(**{**defaults, **changes})


def make_exercise(*functions, **changes):
    defaults = {
        "name": "power",
        "title": "The cube",
        "path": "power.py",
        "verdict": Verdict.WRONG_ANSWER,
        "points": sum(function.points for function in functions),
        "max_points": sum(function.max_points for function in functions),
        "message": "",
        "functions": functions,
        "printed": "x is 1.0899269\n",
    }
    return ExerciseScore(**{**defaults, **changes})


def make_card(*exercises, **changes):
    exercises = exercises or (example_exercise(), missing_exercise())
    defaults = {
        "course": COURSE,
        "submission": make_submission(),
        "verdict": Verdict.RUNTIME_ERROR,
        "points": sum(exercise.points for exercise in exercises),
        "max_points": sum(exercise.max_points for exercise in exercises),
        "exercises": exercises,
        "run": RUN,
    }
    return Scorecard(**{**defaults, **changes})


def card_with(finding, *, visibility=Visibility.HIDDEN, **changes):
    """A scorecard of one check with this finding."""
    return make_card(make_exercise(make_function(make_check(finding=finding, visibility=visibility))), **changes)


def example_exercise():
    public = make_check(
        name="is_right_on_the_example",
        title="is right on the example",
        visibility=Visibility.PUBLIC,
        max_points=1,
        failed=1,
        comparisons=1,
    )
    mistake = Diagnosis(mistake="squared", explanation="x is squared, not cubed.")
    raised = make_check(
        name="is_the_gradient",
        kind=Kind.GRADIENT,
        title="is the gradient",
        requirement="Return dx = 3 x^2 dout.",
        verdict=Verdict.RUNTIME_ERROR,
        finding=RAISED,
        max_points=3,
    )
    return make_exercise(
        make_function(public, make_check(), diagnoses=(mistake,)),
        make_function(raised, name="cube_backward", verdict=Verdict.RUNTIME_ERROR),
        verdict=Verdict.RUNTIME_ERROR,
    )


def missing_exercise():
    reason = Finding(rung=Rung.RETURNED, verdict=Verdict.NOT_IMPLEMENTED, message="The submission has no root.py.")
    check = make_check(
        name="takes_the_root",
        title="takes the root",
        requirement="Return the square root of x.",
        verdict=Verdict.NOT_IMPLEMENTED,
        finding=reason,
        failed=0,
        comparisons=1,
    )
    return make_exercise(
        make_function(check, name="root", verdict=Verdict.NOT_IMPLEMENTED),
        name="root",
        title="The root",
        path=None,
        verdict=Verdict.NOT_IMPLEMENTED,
        message="The submission has no root.py.",
        printed="",
    )
