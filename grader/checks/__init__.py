"""The vocabulary in which a course states its checks."""

from grader.checks.compare import (
    FLOAT32,
    FLOAT64,
    Tolerance,
    compare,
    compare_dtype,
    compare_form,
    compare_law,
    compare_quiet,
    compare_shape,
    compare_unchanged,
)
from grader.checks.contract import contract
from grader.checks.declare import check
from grader.checks.gradient import compare_gradient
from grader.checks.mistakes import Mistake, edit, rewrite
from grader.checks.model import Check, Expectation, Result
from grader.checks.record import Call, Student
from grader.model import Finding, Kind, Rung
from grader.sandbox.inside.request import Generator, Own, Recipe

__all__ = [
    "FLOAT32",
    "FLOAT64",
    "Call",
    "Check",
    "Expectation",
    "Finding",
    "Generator",
    "Kind",
    "Mistake",
    "Own",
    "Recipe",
    "Result",
    "Rung",
    "Student",
    "Tolerance",
    "check",
    "compare",
    "compare_dtype",
    "compare_form",
    "compare_gradient",
    "compare_law",
    "compare_quiet",
    "compare_shape",
    "compare_unchanged",
    "contract",
    "edit",
    "rewrite",
]
