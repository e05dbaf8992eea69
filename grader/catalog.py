"""Load a course: its exercises, and, only when they are needed, the reference, the checks and the known mistakes of one of them."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import sys
import tomllib
import types
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.errors import CourseError
from grader.forms import COURSE, EXERCISE, require
from grader.model import CourseMark

if TYPE_CHECKING:
    from grader.checks.mistakes import Mistake
    from grader.checks.model import Check

PUBLIC_SEED = b"layerwise public seed"
MINIMUM_SEED_BYTES = 16
TREES = ("exercises", "reference")
# Where a student kit lies in the folder that students receive, and what it is made of.
KIT, KIT_FORMAT = "kit", 1
KIT_TREES = ("exercises", "checks")
# Students' files are told by their names, and an untouched stub in the kit must not be one of them.
KIT_STUB = ".stub"


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionSpec:
    """What is public about one function: what its results are called, its other names in real work, hints from gentle to plain."""

    name: str
    returns: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """One stub module and its public spec, known by its stem."""

    name: str
    title: str
    summary: str
    formulas: tuple[str, ...]
    sources: tuple[str, ...]
    requires: tuple[str, ...]
    functions: tuple[FunctionSpec, ...]
    paths: tuple[str, ...]
    stub: str
    # What somebody who has done the exercise can explain, said when it is complete.
    explain: tuple[str, ...] = ()

    @property
    def labels(self) -> dict[str, tuple[str, ...]]:
        """What the results of each function are called."""
        return {function.name: function.returns for function in self.functions}

    @property
    def aliases(self) -> dict[str, tuple[str, ...]]:
        """The other names that are accepted, by function."""
        return {function.name: function.aliases for function in self.functions}


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A folder with ``course.toml``, ``exercises/`` and ``reference/``; a student kit has its public checks in ``reference/``'s place."""

    root: Path
    name: str
    title: str
    version: str
    digest: str
    exercises: tuple[Exercise, ...]
    modules: tuple[str, ...]
    # Not in the text of a course, which may stand in a log.
    seed: bytes = field(repr=False)
    seed_is_secret: bool
    # The table [grading] as it was read: what counts, which marking alone looks at.
    grading: dict[str, Any] = field(default_factory=dict, hash=False)
    is_kit: bool = False

    @property
    def mark(self) -> CourseMark:
        """What a scorecard says about the course."""
        kind = "secret" if self.seed_is_secret else "public"
        fingerprint = hashlib.sha256(b"layerwise seed fingerprint" + self.seed).hexdigest()[:12]
        # What a kit says of a submission is worth what its bearer made of it, and must not be taken for the course's word.
        version = f"{self.version} (student kit)".lstrip() if self.is_kit else self.version
        return CourseMark(name=self.name, version=version, digest=self.digest, seed=kind, seed_fingerprint=fingerprint)

    def exercise(self, name: str) -> Exercise:
        """Return the exercise called `name`."""
        for exercise in self.exercises:
            if exercise.name == name:
                return exercise
        raise CourseError(f"the course {self.name} has no exercise {name!r}", remedy=f"It has {', '.join(e.name for e in self.exercises)}.")


def default_course_root() -> Path:
    """The course that Layerwise brings: beside the package in a checkout, inside it when installed."""
    package = Path(__file__).parent
    installed = package / "default_course"
    return installed if (installed / "course.toml").is_file() else package.parent


def kit_here() -> Path | None:
    """The student kit of the current folder. One below another folder never counts: no submission brings the checks that it is given."""
    root = Path.cwd() / KIT
    return root if (root / "course.toml").is_file() and "kit" in read_toml(root / "course.toml") else None


def find_course(root: Path | None, *, whole: bool = False) -> Course:
    """The course that somebody works on: the one that is named, else the student kit of the current folder, else the default one.

    Where the `whole` of it is needed, reference and all, a kit is refused.
    """
    return load_course(kit_here() if root is None else root, kit_will_do=not whole)


def load_course(root: Path | None = None, *, kit_will_do: bool = False) -> Course:
    """Read ``course.toml`` and the public half of every exercise; a process that comes to hold a secret seed by it is shielded.

    Raises
    ------
    CourseError
        If the folder is no course, if something in it contradicts something else, or if it is a student kit and `kit_will_do` is not said.
    """
    root = default_course_root() if root is None else root
    table = read_toml(root / "course.toml")
    refuse_unknown(table, {"name", "title", "version", "seed", "layout", "sandbox", "grading", "kit"}, root / "course.toml")
    require(table, COURSE, root / "course.toml")
    is_kit = _is_kit(root, table)
    if is_kit and not kit_will_do:
        raise kit_refused(root)
    seed, secret = _load_seed(root, table.get("seed", {}))
    if secret:
        # Whatever this process will do with the course, it holds the seed from now on.
        from grader.secrecy import shield_memory

        shield_memory()
    layout = table.get("layout", {})
    exercises = tuple(_load_exercise(root, name, layout, KIT_STUB if is_kit else ".py") for name in _exercise_names(root, layout))
    if not exercises:
        raise CourseError(f"the course in {root} has no exercise", remedy="Put a stub and its .toml spec into exercises/.")
    return Course(
        root=root,
        name=str(table.get("name", root.name)),
        title=str(table.get("title", "")),
        version=str(table.get("version", "")),
        digest=_digest(root, table, KIT_TREES if is_kit else TREES),
        exercises=exercises,
        modules=tuple(table.get("sandbox", {}).get("modules", [])),
        seed=seed,
        seed_is_secret=secret,
        grading=table.get("grading", {}),
        is_kit=is_kit,
    )


def kit_refused(root: Path) -> CourseError:
    """What to say where the reference or the hidden checks are needed, and there is only a kit."""
    return CourseError(
        f"{root} is a student kit: it has neither the reference nor the hidden checks, and this needs them",
        remedy="In a kit, check, list, show, start, hint and reset work; for all else, name the course itself with --course DIR.",
    )


def _is_kit(root: Path, table: dict[str, Any]) -> bool:
    if "kit" not in table:
        return False
    refuse_unknown(table["kit"], {"format", "course"}, root / "course.toml")
    if table["kit"].get("format") != KIT_FORMAT:
        raise CourseError(f"{root} is a student kit of another format than {KIT_FORMAT}", remedy="Bring Layerwise up to date.")
    return True


def _exercise_names(root: Path, layout: dict[str, Any]) -> list[str]:
    """The stems of the specs, in the order of the layout table, which is the order of learning."""
    there = {path.stem for path in (root / "exercises").glob("*.toml")}
    unknown = sorted(set(layout) - there)
    if unknown:
        raise CourseError(f"[layout] of {root / 'course.toml'} names {unknown[0]!r}, but there is no exercises/{unknown[0]}.toml")
    return [*layout, *sorted(there - set(layout))]


def _load_exercise(root: Path, name: str, layout: dict[str, Any], suffix: str) -> Exercise:
    path = root / "exercises" / f"{name}.toml"
    table = read_toml(path)
    if is_library(name):
        raise CourseError(f"{path} has the name of a library, so nobody could import it", remedy="Name the exercise otherwise.")
    refuse_unknown(table, {"title", "summary", "formulas", "sources", "requires", "explain", "functions"}, path)
    require(table, EXERCISE, path)
    stub = path.with_suffix(suffix)
    if not stub.is_file():
        raise CourseError(f"{path} has no stub {stub.name} beside it")
    functions = []
    for function, spec in table.get("functions", {}).items():
        refuse_unknown(spec, {"returns", "aliases", "hints"}, path)
        lists = {key: tuple(spec.get(key, ())) for key in ("returns", "aliases", "hints")}
        functions.append(FunctionSpec(name=function, **lists))
    return Exercise(
        name=name,
        title=str(table.get("title", name)),
        summary=str(table.get("summary", "")),
        formulas=tuple(table.get("formulas", ())),
        sources=tuple(table.get("sources", ())),
        requires=tuple(table.get("requires", ())),
        explain=tuple(table.get("explain", ())),
        functions=tuple(functions),
        paths=tuple(layout.get(name, (f"{name}.py",))),
        stub=stub.read_text(encoding="utf-8"),
    )


def is_library(name: str) -> bool:
    """Whether an exercise cannot have this name, since a submission's file of that name would be hidden by a library, or hide it."""
    return name in sys.stdlib_module_names or name == "numpy"


def read_toml(path: Path) -> dict[str, Any]:
    """Read a table of a course.

    Raises
    ------
    CourseError
        If the file is not there, or is no TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise CourseError(f"there is no {path}", remedy="Name a course folder with --course DIR, or leave the option out.") from error
    except (OSError, ValueError, RecursionError) as error:
        raise CourseError(f"{path} cannot be read: {error}") from error


def refuse_unknown(table: dict[str, Any], known: set[str], path: Path) -> None:
    """Raise CourseError if a table of the file at `path` has a key that is not `known`."""
    unknown = sorted(set(table) - known)
    if unknown:
        raise CourseError(f"{path} has the unknown key {unknown[0]!r}", remedy=f"The keys are {', '.join(sorted(known))}.")


def _load_seed(root: Path, table: dict[str, Any]) -> tuple[bytes, bool]:
    refuse_unknown(table, {"environment", "file"}, root / "course.toml")
    secret = b""
    if table.get("file") and (root / table["file"]).is_file():
        secret = (root / table["file"]).read_bytes().strip()
        origin = str(root / table["file"])
    elif table.get("environment") and os.environ.get(table["environment"]):
        secret = os.environ[table["environment"]].encode()
        origin = f"the environment variable {table['environment']}"
    elif table.get("environment") and os.environ.get(f"{table['environment']}_FILE"):
        # As engines of containers hand secrets in, so that they are in no list of a container's settings.
        path = Path(os.environ[f"{table['environment']}_FILE"])
        origin = str(path)
        try:
            secret = path.read_bytes().strip()
        except OSError as error:
            remedy = "Without it hidden inputs would come from the public seed."
            raise CourseError(f"the secret seed in {path} cannot be read: {error.strerror}", remedy=remedy) from error
    else:
        return PUBLIC_SEED, False
    if len(secret) < MINIMUM_SEED_BYTES:
        raise CourseError(
            f"the secret seed in {origin} has {len(secret)} bytes, which can be guessed",
            remedy=f"Use at least {MINIMUM_SEED_BYTES}, for instance from `openssl rand -hex 32`.",
        )
    return secret, True


def find_files(root: Path, trees: Iterable[str] = TREES, suffixes: Collection[str] = (".py", ".toml")) -> list[Path]:
    """The files in some trees of a course, by default all that its marks depend on beside ``course.toml``."""
    return sorted(path for tree in trees for path in (root / tree).rglob("*") if path.suffix in suffixes)


def _digest(root: Path, table: dict[str, Any], trees: tuple[str, ...]) -> str:
    """The hash of everything that scorecards depend on: names and bytes of the course's Python and TOML files, without ``[grading]``.

    Deadlines, weights and the like are applied afterwards, so who changes them has nothing to grade again.
    """
    settings = {key: value for key, value in table.items() if key != "grading"}
    digest = hashlib.sha256(json.dumps(settings, default=str).encode())
    suffixes = {".py", ".toml"} if trees is TREES else {KIT_STUB, ".toml", ".json"}
    for path in find_files(root, trees, suffixes):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return f"sha256:{digest.hexdigest()}"


# ------------------------------------------------------------------------------------------------- the half that stays with us


def load_reference(course: Course, exercise: Exercise) -> types.ModuleType:
    """Import the reference of an exercise by its path, under a name that belongs to this course alone."""
    return _load_module(course, f"reference.{exercise.name}")


def load_checks(course: Course, exercise: Exercise) -> tuple[Check, ...]:
    """Import the checks of an exercise, grouped by function in the order of its spec."""
    from grader.checks.model import Check

    found = [value for value in _load_parts(course, "checks", exercise) if isinstance(value, Check)]
    order = {function.name: position for position, function in enumerate(exercise.functions)}
    seen: set[tuple[str, str]] = set()
    for check in found:
        if check.function not in order:
            raise CourseError(f"the check {check.name} is of {check.function}, which exercises/{exercise.name}.toml does not name")
        if (check.function, check.name) in seen:
            raise CourseError(f"{check.function} has two checks called {check.name}")
        seen.add((check.function, check.name))
    unchecked = sorted(set(order) - {check.function for check in found})
    if unchecked:
        raise CourseError(f"{unchecked[0]} of {exercise.name} has no check")
    return tuple(sorted(found, key=lambda check: order[check.function]))


def load_mistakes(course: Course, exercise: Exercise) -> tuple[Mistake, ...]:
    """Import the known mistakes of an exercise."""
    from grader.checks.mistakes import Mistake

    return tuple(value for value in _load_parts(course, "mistakes", exercise) if isinstance(value, Mistake))


def load_experiment_program(course: Course, name: str) -> types.ModuleType:
    """Import the program of an experiment, to be run with the reference's functions."""
    return _load_module(course, f"experiments.{name}")


def reference_source(course: Course, exercise: Exercise) -> str:
    """The text of the reference, from which the known mistakes are made."""
    return (course.root / "reference" / f"{exercise.name}.py").read_text(encoding="utf-8")


def variant_sources(course: Course, exercise: Exercise) -> dict[str, str]:
    """The texts of the other correct implementations, by name."""
    return {path.stem: path.read_text(encoding="utf-8") for path in _companions(course, "variants", exercise)}


def load_equivalents(course: Course, exercise: Exercise) -> dict[tuple[str, str, str, int], str]:
    """Read why some mutants of the reference make no difference: the reason for each, by what identifies it."""
    path = course.root / "reference" / "equivalents" / f"{exercise.name}.toml"
    if not path.is_file():
        return {}
    table = read_toml(path)
    refuse_unknown(table, {"mutant"}, path)
    reasons = {}
    for entry in table.get("mutant", []):
        refuse_unknown(entry, {"function", "before", "after", "occurrence", "reason"}, path)
        if not entry.get("reason"):
            raise CourseError(f"{path} gives no reason for a mutant of {entry['function']}", remedy="Say why it makes no difference.")
        reasons[entry["function"], entry["before"], entry["after"], entry.get("occurrence", 1)] = str(entry["reason"])
    return reasons


def _load_parts(course: Course, tree: str, exercise: Exercise) -> Iterator[Any]:
    """What the file of an exercise in ``reference/`` `tree` declares, and then what the files beside it do, each value once."""
    stems = (exercise.name, *(path.stem for path in _companions(course, tree, exercise)))
    modules = [_load_module(course, f"reference.{tree}.{stem}") for stem in stems]
    found = _flattened(value for module in modules for value in vars(module).values())
    # What one file imports from another is the same object.
    yield from {id(value): value for value in found}.values()


def _companions(course: Course, tree: str, exercise: Exercise) -> list[Path]:
    """The files ``NAME_*.py`` of an exercise, without those of another one whose name begins alike."""
    others = [f"{other.name}_" for other in course.exercises if other.name.startswith(f"{exercise.name}_")]
    others += [f"{other.name}.py" for other in course.exercises if other is not exercise]
    paths = sorted((course.root / "reference" / tree).glob(f"{exercise.name}_*.py"))
    return [path for path in paths if not path.name.startswith(tuple(others))]


def _flattened(values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, tuple):
            yield from value
        else:
            yield value


def _load_module(course: Course, dotted: str) -> types.ModuleType:
    # Each course has a package of its own in sys.modules, so that two courses in one process do not meet.
    base = f"_layerwise_course_{hashlib.sha256(str(course.root.resolve()).encode()).hexdigest()[:12]}"
    name = f"{base}.{dotted}"
    if name in sys.modules:
        return sys.modules[name]
    parts = dotted.split(".")
    for depth in range(len(parts)):
        package = ".".join([base, *parts[:depth]])
        if package not in sys.modules:
            module = types.ModuleType(package)
            module.__path__ = [str(course.root.joinpath(*parts[:depth]))]
            sys.modules[package] = module
    path = course.root.joinpath(*parts).with_suffix(".py")
    if not path.is_file():
        raise CourseError(f"the course {course.name} has no {path.relative_to(course.root)}")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None  # noqa: S101 - a .py path always has a loader
    assert spec.loader is not None  # noqa: S101 - as above
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except CourseError:
        del sys.modules[name]
        raise
    except Exception as error:
        del sys.modules[name]
        raise CourseError(
            f"{path.relative_to(course.root)} of the course {course.name} cannot be imported: {type(error).__name__}: {error}"
        ) from error
    return module
