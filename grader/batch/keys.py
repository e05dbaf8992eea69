"""What a raw outcome depends on, as a hash: an outcome is used again only where all of it is the same.

Points, titles and requirements are left out, since they are applied afterwards (see ``grader.scoring``): who changes them has nothing to
grade again. A changed check changes the key of its exercise alone.
"""

from __future__ import annotations

import ast
import dataclasses
import hashlib
import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from grader.catalog import Course, Exercise
from grader.errors import CourseError
from grader.model import Limits

PACKAGE = Path(__file__).parent.parent
# What only shows, stores or transports what was found. All else of the engine may change an outcome.
DOORS = frozenset(
    {
        *("__init__.py", "__main__.py", "cli.py", "commands", "kit", "keep.py", "notebook.py", "progress.py", "regrade.py", "watch.py"),
        *("analysis", "batch", "classwork.py", "export", "intake", "marks", "records.py", "store"),
        *("experiments", "report", "scaffold", "secrecy.py", "seeding.py", "serve", "signing"),
        *("mutants.py", "scorecard.py", "scoring.py", "survivors.py", "verify.py"),
    }
)
# In these, a docstring is what a student reads of a requirement, or says how a reference works. Of mistakes it might be the explanation.
SILENT_DOCSTRINGS = ("checks",)


def record_key(digest: str, exercise_key: str, *, sandbox: str, limits: Limits) -> str:
    """The key of one exercise of the submission with this digest."""
    return _hash({"submission": digest, "exercise": exercise_key, "sandbox": sandbox, "limits": dataclasses.asdict(limits)})


def exercise_keys(course: Course, exercises: Iterable[str] = ()) -> dict[str, str]:
    """A hash of all that an exercise's outcomes depend on, besides the submission and how it is run; for all exercises if none is named."""
    return {name: _hash(parts) for name, parts in exercise_parts(course, exercises).items()}


def exercise_parts(course: Course, exercises: Iterable[str] = ()) -> dict[str, dict[str, object]]:
    """What the hash of ``exercise_keys`` is made of, so that somebody can be told which part has changed."""
    chosen = [course.exercise(name) for name in exercises] or course.exercises
    # Where the others are looked for decides whose file is whose, so the whole layout is part of each key.
    layout = [
        (exercise.name, exercise.paths, [(function.name, function.returns, function.aliases) for function in exercise.functions])
        for exercise in course.exercises
    ]
    shared = {
        "engine": engine_digest(),
        "seed": hashlib.sha256(b"layerwise record" + course.seed).hexdigest(),
        "layout": layout,
        "modules": course.modules,
    }
    return {exercise.name: {**shared, "sources": _sources(course, exercise)} for exercise in chosen}


@cache
def engine_digest() -> str:
    """The hash of the engine's own source, without its doors."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE)
        if name.parts[0] not in DOORS:
            digest.update(name.as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _sources(course: Course, exercise: Exercise) -> list[tuple[str, str]]:
    """Each file of the course that the exercise needs, with the hash of what it does."""
    tree = course.root / "reference"
    begin = [tree / f"{exercise.name}.py"]
    for folder in ("checks", "mistakes"):
        begin += sorted((tree / folder).glob(f"{exercise.name}*.py"))
    found: dict[Path, str] = {}
    waiting = [path for path in begin if path.is_file()]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        module = _parse(path)
        waiting += [other for other in _imported(module, path, course.root) if other not in found]
        found[path] = hashlib.sha256(ast.dump(_without_points(module, path), annotate_fields=False).encode()).hexdigest()
    return sorted((path.relative_to(course.root).as_posix(), digest) for path, digest in found.items())


def _parse(path: Path) -> ast.Module:
    try:
        return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    except (OSError, SyntaxError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} cannot be read: {error}") from error


def _imported(module: ast.Module, path: Path, root: Path) -> Iterator[Path]:
    """The files of the course that a file imports, relatively or by ``reference.…``."""
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom):
            base = path.parents[node.level - 1] if node.level else root
            names = node.module.split(".") if node.module else []
            if node.level or names[:1] == ["reference"]:
                yield from _files(base.joinpath(*names), [alias.name for alias in node.names])
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "reference":
                    yield from _files(root.joinpath(*alias.name.split(".")), [])


def _files(base: Path, names: Iterable[str]) -> Iterator[Path]:
    candidates = [base.with_suffix(".py"), base / "__init__.py", *(base / f"{name}.py" for name in names if name != "*")]
    yield from (path for path in candidates if path.is_file())


def _without_points(module: ast.Module, path: Path) -> ast.Module:
    """A module without what is applied after grading: ``points=2`` of any call, and the docstrings of checks."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            node.keywords = [keyword for keyword in node.keywords if keyword.arg != "points" or not _is_literal(keyword.value)]
        elif path.parent.name in SILENT_DOCSTRINGS and isinstance(node, (ast.Module, ast.FunctionDef)):
            node.body = node.body[1 if ast.get_docstring(node) is not None else 0 :]
    return module


def _is_literal(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Tuple) and all(map(_is_literal, node.elts)))


def _hash(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
