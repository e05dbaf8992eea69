"""Imports run one way. A line here that fails means that a layer has begun to know of one above it."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "grader"
INSIDE = PACKAGE / "sandbox" / "inside"

# From the bottom to the top; a module may import from lower layers and from its own.
LAYERS = (
    (
        *("cell_runner", "cells", "errors", "forms", "interrupts", "keep", "listing", "model", "mutants", "patience"),
        *("safe_text", "sandbox.inside", "secrecy"),
        *("experiments.gaps", "experiments.model", "experiments.part_runner"),
    ),
    ("classwork", "credible"),
    ("checks", "sandbox", "submission", "scorecard", "report"),
    ("catalog", "intake", "records", "signing"),
    ("store",),
    ("judging", "seeding", "kit", "locate", "execution", "scoring", "undone"),
    ("marks", "export"),
    ("analysis", *(f"report.class_{part}" for part in ("page", "parts", "items", "alike"))),
    ("observations", "known"),
    ("factors", "supposing", "telling"),
    ("relations",),
    ("causes",),
    ("partly",),
    ("diagnosis",),
    ("grading", "experiments"),
    ("batch", "notebook", "scaffold", "spread", "watch", "regrade", "progress"),
    ("verify",),
    ("survivors",),
    ("serve",),
    ("commands",),
    ("cli",),
    ("__main__",),
)


def layer_of(module: str) -> int:
    """The layer of ``grader.<module>``; the longest name in the table that fits counts."""
    best = max(
        ((len(name), number) for number, names in enumerate(LAYERS) for name in names if module == name or module.startswith(name + ".")),
        default=None,
    )
    assert best is not None, f"grader.{module} is in no layer: say where it belongs"
    return best[1]


def imports(path: Path) -> list[str]:
    """Absolute names of everything that a file imports, those under TYPE_CHECKING left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test) and "or" not in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    found = []
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found += [f"{node.module}.{alias.name}" for alias in node.names] if node.module == "grader" else [node.module]
    return found


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_from_its_own_layer_and_below(path):
    module = path.relative_to(PACKAGE).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
    if module == "__init__":
        module = "errors"
    above = [
        name
        for name in imports(path)
        if name.startswith("grader.") and name != "grader.__version__" and layer_of(name.removeprefix("grader.")) > layer_of(module)
    ]

    assert above == []


@pytest.mark.parametrize("path", sorted(INSIDE.glob("*.py")), ids=lambda path: path.name)
def test_what_runs_inside_the_sandbox_imports_the_standard_library_and_numpy_alone(path):
    own = {one.stem for one in INSIDE.glob("*.py")}
    foreign = [
        name
        for name in imports(path)
        if name.split(".")[0] not in sys.stdlib_module_names | own | {"numpy"} and not name.startswith("grader.sandbox.inside")
    ]

    assert foreign == []


@pytest.mark.parametrize("path", sorted((ROOT / "exercises").glob("*.py")), ids=lambda path: path.name)
def test_a_stub_imports_numpy_alone(path):
    assert set(imports(path)) <= {"numpy"}


@pytest.mark.parametrize("path", sorted((ROOT / "reference").rglob("*.py")), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_reference_never_imports_the_exercises(path):
    assert [name for name in imports(path) if name.split(".")[0] == "exercises"] == []


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_the_engine_knows_no_exercise_by_name(path):
    names = {stub.stem for stub in (ROOT / "exercises").glob("*.py")}
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documents = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and node.body and isinstance(node.body[0], ast.Expr)
    }

    words = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents
    ]

    assert [word for word in words if any(name in word for name in names)] == []


def test_grade_check_imports_nothing_heavy():
    import subprocess

    script = "import sys; from grader.cli import cli; cli.get_command(None, 'check'); import grader.grading; print(*sorted(sys.modules))"

    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT).stdout.split()

    heavy = {"jsonschema", "nbformat", "IPython", "docker", "rich", "watchfiles", "pytest"}
    assert heavy & set(loaded) == set()
