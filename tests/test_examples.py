"""The example courses are proven like our own, and their references agree with SciPy, which knows nothing of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import scipy.integrate
import scipy.linalg

from grader.catalog import load_course, load_reference
from grader.grading import Grader
from grader.survivors import survey_course
from grader.verify import verify_exercise

EXAMPLES = Path(__file__).parent.parent / "examples"
COURSES = sorted(path.parent for path in EXAMPLES.glob("*/course.toml"))
EXERCISES = [(root, exercise.name) for root in COURSES for exercise in load_course(root).exercises]
NUMERICAL = EXAMPLES / "numerical_methods"
SEEDS = ("", "a secret seed of more than sixteen bytes", "another secret seed of many bytes")


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("root", "name"), EXERCISES)
def test_an_example_is_proven_through_the_sandbox_with_any_seed(root, name, seed, sandbox, monkeypatch):
    monkeypatch.setenv("NUMERICAL_METHODS_SEED", seed)
    course = load_course(root)

    proof = verify_exercise(Grader(course), course.exercise(name), sandbox)

    assert [(claim.text, claim.broken) for claim in proof.claims if claim.broken] == []
    assert proof.mistakes >= 5 * proof.functions
    assert proof.variants >= 2


@pytest.mark.parametrize("root", COURSES, ids=lambda root: root.name)
def test_every_mutant_of_an_example_is_killed_or_explained(root):
    surveys = list(survey_course(root, jobs=2))

    assert [(one.exercise, [mutant.key for mutant in one.survivors], one.stale) for one in surveys if not one.holds] == []
    assert all(one.killed > 0.9 * one.made for one in surveys)


@pytest.mark.parametrize("root", COURSES, ids=lambda root: root.name)
def test_an_example_has_hints_and_sources_for_everything_and_a_page_that_names_it(root):
    page = (root / "README.md").read_text(encoding="utf-8")

    for exercise in load_course(root).exercises:
        assert exercise.sources
        assert all(2 <= len(function.hints) <= 4 for function in exercise.functions)
        assert all(f"`{function.name}`" in page for function in exercise.functions)


@pytest.fixture(scope="module")
def reference():
    course = load_course(NUMERICAL)
    return {exercise.name: load_reference(course, exercise) for exercise in course.exercises}


def test_the_trapezoid_rule_is_that_of_scipy(reference):
    rng = np.random.default_rng(1)
    y, x = rng.normal(size=(2, 3, 7)), np.sort(rng.normal(size=7))

    integral = reference["integration"].trapezoid_rule(y, x)

    np.testing.assert_allclose(integral, scipy.integrate.trapezoid(y, x), rtol=1e-13)


@pytest.mark.parametrize("n", [2, 4, 10])
def test_simpsons_rule_is_that_of_scipy(reference, n):
    x = np.linspace(-0.5, 1.5, n + 1)

    integral = reference["integration"].simpson_rule(np.exp, -0.5, 1.5, n)

    np.testing.assert_allclose(integral, scipy.integrate.simpson(np.exp(x), x=x), rtol=1e-13)


def test_the_estimate_is_within_five_of_its_errors_of_the_integral(reference):
    exact = scipy.integrate.quad(np.exp, 0.0, 2.0)[0]

    estimate, error = reference["integration"].monte_carlo(np.exp, 0.0, 2.0, 10_000, np.random.default_rng(1))

    assert abs(estimate - exact) < 5 * error
    # The variance of exp on [0, 2] by quadrature, not from draws.
    variance = scipy.integrate.quad(lambda x: (np.exp(x) - exact / 2) ** 2 / 2, 0.0, 2.0)[0]
    np.testing.assert_allclose(error, 2 * np.sqrt(variance / 10_000), rtol=0.05)


def test_forward_substitution_is_scipys_triangular_solve(reference):
    rng = np.random.default_rng(1)
    L, b = rng.normal(size=(4, 4)) + 3 * np.eye(4), rng.normal(size=(4, 2))

    x, _cache = reference["linear_systems"].solve_lower(L, b)

    np.testing.assert_allclose(x, scipy.linalg.solve_triangular(L, b, lower=True), rtol=1e-12)


def test_the_gradient_through_the_solver_is_the_slope_of_the_loss(reference):
    rng = np.random.default_rng(1)
    L, b, dx = rng.normal(size=(4, 4)) + 3 * np.eye(4), rng.normal(size=(4, 2)), rng.normal(size=(4, 2))
    towards_L, towards_b, step = rng.normal(size=(4, 4)), rng.normal(size=(4, 2)), 1e-5

    dL, db = reference["linear_systems"].solve_lower_backward(dx, (L, scipy.linalg.solve_triangular(L, b, lower=True)))

    # Central differences through SciPy's solver.
    ends = [scipy.linalg.solve_triangular(L + s * towards_L, b + s * towards_b, lower=True) for s in (step, -step)]
    slope = np.sum(dx * (ends[0] - ends[1])) / (2 * step)
    np.testing.assert_allclose(np.sum(dL * towards_L) + np.sum(db * towards_b), slope, rtol=1e-7)


def test_jacobi_finds_the_solution_of_a_dominant_system(reference):
    A, b = np.array([[4.0, 1.0, -1.0], [0.5, -3.0, 1.0], [1.0, 1.0, 5.0]]), np.array([1.0, 2.0, 3.0])

    x = reference["linear_systems"].jacobi(A, b, np.zeros(3), steps=80)

    np.testing.assert_allclose(x, scipy.linalg.solve(A, b), rtol=1e-12)
