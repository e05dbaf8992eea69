"""Write docs/messages.md: every message that a student can meet, as the engine says it of real wrong code.

    python docs/messages.py

The wrong code is in docs/messages.toml and tests/diagnosis. tests/test_messages.py holds the page to the engine. It lies here, and not in
`grader`, because nobody who installs Layerwise needs it.
"""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import importlib
import io
import itertools
import os
import re
import shlex
import sys
import tempfile
import tomllib
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from grader.catalog import PUBLIC_SEED, Exercise, load_checks, load_course, load_mistakes, reference_source  # noqa: E402
from grader.checks.mistakes import mistaken_source  # noqa: E402
from grader.cli import run  # noqa: E402
from grader.diagnosis import composed  # noqa: E402
from grader.errors import ExitCode, LayerwiseError  # noqa: E402
from grader.grading import Grader, grade_submission  # noqa: E402
from grader.model import Limits, Scorecard, View  # noqa: E402
from grader.report.text import Surface, diagnosis_sentences, exercise_lines, function_lines, render_text  # noqa: E402
from grader.sandbox import Sandbox  # noqa: E402
from grader.sandbox.process import ProcessSandbox  # noqa: E402
from grader.submission import load_submission  # noqa: E402

PAGE = ROOT / "docs" / "messages.md"
CASES = ROOT / "docs" / "messages.toml"
WRITTEN = ROOT / "tests" / "diagnosis"
WIDTH = 96
# Short, since some of the code never ends.
LIMITS = Limits(call_s=0.6, exercise_s=20.0, memory_mib=512, output_bytes=1 << 20, restarts=2)
# The address of an installation, a home or a temporary folder is another one on every machine.
QUIET = {"COLUMNS": str(WIDTH), "NO_COLOR": "1", "CI": "", "LAYERWISE_SEED": ""}



class Writer:
    """What the page is written with: the course with its public seed, and one warm sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.course = dataclasses.replace(load_course(), seed=PUBLIC_SEED, seed_is_secret=False)
        self.grader = Grader(self.course)
        self.sandbox = sandbox

    def grade(self, files: Mapping[str, str], exercise: str) -> Scorecard:
        """Grade files as somebody hands them in: written into a folder, and read from there."""
        with tempfile.TemporaryDirectory() as folder:
            write_files(Path(folder), files)
            submission = load_submission(Path(folder), name="my-work")
        return grade_submission(submission, self.sandbox, grader=self.grader, exercises=(exercise,), limits=LIMITS)


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    r"""Write texts; ``\xNN`` escapes stand for bytes where a name ends in ``!``, and ``->`` before a path makes a link."""
    for name, text in files.items():
        path = folder / name.removesuffix("!")
        path.parent.mkdir(parents=True, exist_ok=True)
        if text.startswith("->"):
            path.symlink_to(text[2:])
        elif text.startswith("@"):
            path.write_text(source_of(text), encoding="utf-8")
        elif name.endswith("!"):
            path.write_bytes(text.encode("latin-1").decode("unicode_escape").encode("latin-1"))
        else:
            path.write_text(text, encoding="utf-8")


def source_of(words: str) -> str:
    """The text of a file of ours: ``@file PATH``, ``@stub NAME``, ``@reference NAME``, or ``@two FUNCTION`` for two of its mistakes."""
    kind, name = words[1:].split()
    if kind == "file":
        return (ROOT / name).read_text(encoding="utf-8")
    course = load_course()
    exercise = next(one for one in course.exercises if name in {one.name, *(spec.name for spec in one.functions)})
    if kind == "stub":
        return exercise.stub
    source = reference_source(course, exercise)
    if kind == "reference":
        return source
    mistakes = [mistake for mistake in load_mistakes(course, exercise) if mistake.function == name]
    pairs = (composed(source, *pair) for pair in itertools.combinations(mistakes, 2))
    return mistaken_source(source, next(pair for pair in pairs if pair is not None))


# -------------------------------------------------------------------------------------------------------------- one example


def example(case: Mapping[str, Any], writer: Writer) -> Iterator[str]:
    """One piece of wrong code, and what its author reads."""
    yield f"**{case['when']}**\n"
    if "run" in case:
        yield from fenced("text", session(case))
        return
    files = case["files"]
    if case.get("code", True) and len(files) == 1:
        yield from fenced("python", next(iter(files.values())).strip("\n"))
    card = writer.grade(files, case["exercise"])
    yield from fenced("text", excerpt(card, case))


def excerpt(card: Scorecard, case: Mapping[str, Any]) -> str:
    """The part of the scorecard that the example is about."""
    surface = Surface(view=View.STUDENT, width=WIDTH, color=False, verbose=False)
    exercise = card.exercises[0]
    if case.get("show") == "whole":
        return render_text(card, view=View.STUDENT, width=WIDTH).rstrip("\n")
    if case.get("show") == "exercise":
        # Functions that the code does not speak of are left out; the scorecard has all of them.
        there = tuple(one for one in exercise.functions if any(one.name in text for text in case["files"].values()))
        return "\n".join(exercise_lines(dataclasses.replace(exercise, functions=there or exercise.functions), surface))
    function = next(one for one in exercise.functions if one.name == case["function"])
    return "\n".join(line.removeprefix("  ") for line in function_lines(function, surface))


def session(case: Mapping[str, Any]) -> str:
    """Commands typed one after the other in a folder of their own, and all that they print."""
    shown = []
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder), environment():
        write_files(Path(), case.get("files", {}))
        for step in case["run"]:
            write_files(Path(), step.get("files", {}))
            out = io.StringIO()
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
                code = run(shlex.split(step["command"])[1:])
            if step.get("shown", True):
                told = without_places(out.getvalue().rstrip("\n"), folder)
                told = "\n".join(line for line in told.splitlines() if not step.get("only") or re.search(step["only"], line))
                shown.append(f"$ {step['command']}\n{told}\n(exit code {code})")
    return "\n\n".join(shown)


@contextlib.contextmanager
def environment() -> Iterator[None]:
    """The same surroundings everywhere."""
    before = dict(os.environ)
    os.environ.update(QUIET)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def without_places(text: str, folder: str) -> str:
    """Take out what differs between machines."""
    return text.replace(f"{folder}/", "").replace(str(ROOT), "LAYERWISE")


def fenced(language: str, text: str) -> Iterator[str]:
    """A block of code or of output."""
    yield f"```{language}\n{text}\n```\n"


# ---------------------------------------------------------------------------------------------------------- tables of examples


def twisted(case: Mapping[str, Any], writer: Writer) -> str:
    """What is said of a right function to which something is done: a line of a table."""
    exercise = writer.course.exercise(case["exercise"])
    name = case["function"]
    stub = next(node for node in ast.parse(exercise.stub).body if isinstance(node, ast.FunctionDef) and node.name == name)
    arguments = ", ".join(argument.arg for argument in stub.args.args)
    labels = next(", ".join(spec.returns) for spec in exercise.functions if spec.name == name)
    body = [case.get("before", ""), f"{labels} = _right({arguments})", case.get("after", ""), f"return {labels}"]
    lines = "\n".join(f"    {line}" for part in body for line in part.splitlines())
    kept = case.get("globally", "")
    source = reference_source(writer.course, exercise)
    text = f"{source}\n\n_right = {name}\n{kept}\n\ndef {name}({ast.unparse(stub.args)}):\n{lines}\n"
    change = "; ".join(filter(None, (kept, case.get("before"), case.get("after"))))
    return row(f"`{name}`: " + code(change), said_of(writer.grade({exercise.paths[0]: text}, exercise.name), name))


def written(writer: Writer) -> Iterator[str]:
    """What is said of the wrong implementations that were written to measure the diagnosis."""
    yield "| what the code does | what is said |\n| --- | --- |\n"
    for path in (path for folder in ("wrong", "later") for path in sorted((WRITTEN / folder).glob("*/*.py"))):
        text = path.read_text(encoding="utf-8")
        name, exercise = path.stem.partition("__")[0], writer.course.exercise(path.parent.name)
        with warnings.catch_warnings(action="ignore"):
            # They are written as students write, with a backslash in a docstring now and then.
            module = ast.parse(text)
        words = " ".join((ast.get_docstring(module) or "").partition("\n\n")[0].split())
        said = said_of(writer.grade({exercise.paths[0]: text}, exercise.name), name)
        if said:
            yield row(f"`{name}`: {words}", said) + "\n"


def said_of(card: Scorecard, name: str) -> str:
    """What explains the results of a function."""
    function = next(one for one in card.exercises[0].functions if one.name == name)
    return " ".join(diagnosis_sentences(function))


def row(*cells: str) -> str:
    """A line of a table."""
    return f"| {' | '.join(cell.replace('|', chr(92) + '|').replace(chr(10), ' ') for cell in cells)} |"


def code(text: str) -> str:
    """A piece of code in a line."""
    return f"`{'; '.join(line.strip() for line in text.splitlines())}`"


def known(exercise: Exercise, writer: Writer) -> Iterator[str]:
    """All known mistakes of an exercise, function by function, folded away."""
    mistakes = load_mistakes(writer.course, exercise)
    checks = load_checks(writer.course, exercise)
    yield f"### {exercise.name}\n\n{exercise.title}: {len(mistakes)} known mistakes, {len(checks)} requirements.\n\n"
    for spec in exercise.functions:
        mine = [mistake for mistake in mistakes if mistake.function == spec.name]
        asked = [check for check in checks if check.function == spec.name]
        yield f"<details><summary><code>{spec.name}</code>: {len(mine)} known mistakes</summary>\n\n"
        yield "What is required:\n\n" + "".join(f"- *{check.title}*: {' '.join(check.requirement.split())}\n" for check in asked)
        yield "\nThis is what you get when …\n\n" + "".join(f"- {mistake.explanation}\n" for mistake in mine) + "\n"
        for number, hint in enumerate(spec.hints, 1):
            yield f"{'Hints:' + chr(10) * 2 if number == 1 else ''}{number}. {hint}\n"
        yield "\n</details>\n\n"


# ------------------------------------------------------------------------------------------------ sentences of the source itself

LEAST_WORDS = 3
GAP = "…"


def sentences(path: Path) -> Iterator[tuple[int, str]]:
    """Everything in a module that may be read by somebody: texts of a few words, with … for what is put in, and their lines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    left_out = {id(inner) for node in ast.walk(tree) for inner in _not_read(node)}
    for node in ast.walk(tree):
        text = None if id(node) in left_out else template(node)
        if text is not None and len(re.findall(r"[A-Za-z']{2,}", text)) >= LEAST_WORDS and " " in text.strip():
            yield node.lineno, text


def template(node: ast.AST) -> str | None:
    """A text of the source with … for what is put in."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(value.value) if isinstance(value, ast.Constant) else GAP for value in node.values)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.sub(r"\{[^{} ]*\}", GAP, node.value)
    return None


def _not_read(node: ast.AST) -> Iterator[ast.AST]:
    """Texts that are not messages: docstrings, help (which --help shows), patterns, and the pieces of a longer text."""
    if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and node.body and isinstance(node.body[0], ast.Expr):
        yield node.body[0].value
    if isinstance(node, ast.keyword) and node.arg == "help":
        yield from ast.walk(node.value)
    if isinstance(node, ast.JoinedStr):
        yield from (value for value in node.values if isinstance(value, ast.Constant))
    if isinstance(node, ast.Call) and ast.unparse(node.func) in ("re.compile", "re.search", "re.sub", "TypeError", "ValueError"):
        yield from (inner for argument in node.args for inner in ast.walk(argument))


def errors() -> Iterator[str]:
    """Every error that ends a command, as the source has it."""
    # Every module that has an error of its own, so that the page is the same whatever else is loaded.
    for path in _with_errors():
        importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    codes = {kind.__name__: kind.exit_code for kind in _kinds(LayerwiseError)} | {"UsageError": 2}
    yield "| exit code | message | next step |\n| --- | --- | --- |\n"
    found: dict[tuple[int, str, str], None] = {}
    for path in sorted((ROOT / "grader").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef):
                continue
            assigned = [one for one in ast.walk(node) if isinstance(one, ast.Assign)]
            texts = {one.targets[0].id: one.value for one in assigned if isinstance(one.targets[0], ast.Name)}
            for call in (one for one in ast.walk(node) if isinstance(one, ast.Call) and one.args):
                name = ast.unparse(call.func).rpartition(".")[2]
                if name in codes:
                    remedy = next((keyword.value for keyword in call.keywords if keyword.arg == "remedy"), None)
                    message = _resolved(call.args[0], texts)
                    if message.strip(GAP + " "):
                        found[int(codes[name]), message, "" if remedy is None else _resolved(remedy, texts)] = None
    yield from (row(str(number), message, remedy) + "\n" for number, message, remedy in sorted(found))


def _with_errors() -> list[Path]:
    """The modules with an error of their own, or with one made of one of those."""
    classes = {
        path: [one for one in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(one, ast.ClassDef)]
        for path in sorted((ROOT / "grader").rglob("*.py"))
        if "inside" not in path.parts
    }
    known, before = {LayerwiseError.__name__}, 0
    while len(known) > before:
        before = len(known)
        known |= {one.name for own in classes.values() for one in own if known & {ast.unparse(base) for base in one.bases}}
    return [path for path, own in classes.items() if known & {one.name for one in own}]


def _kinds(base: type[LayerwiseError]) -> Iterator[type[LayerwiseError]]:
    for kind in base.__subclasses__():
        yield kind
        yield from _kinds(kind)


def _resolved(node: ast.expr, texts: Mapping[str, ast.expr]) -> str:
    text = template(texts.get(node.id, node) if isinstance(node, ast.Name) else node)
    return GAP if text is None else text.strip()


# ----------------------------------------------------------------------------------------------------------------- the page


def page() -> str:
    """The whole page."""
    document = tomllib.loads(CASES.read_text(encoding="utf-8"))
    with ProcessSandbox() as sandbox:
        writer = Writer(sandbox)
        parts = [document["introduction"].strip() + "\n"]
        for section in document["section"]:
            parts.append(f"## {section['title']}\n\n{section.get('text', '').strip()}\n")
            parts += [part for case in section.get("case", ()) for part in example(case, writer)]
            if "twist" in section:
                rows = "\n".join(twisted(case, writer) for case in section["twist"])
                parts.append(f"| done to a right function | what is said |\n| --- | --- |\n{rows}\n")
            if "unseen" in section:
                rows = "\n".join(row(one["text"], one["why"]) for one in section["unseen"])
                parts.append(f"| message | said when |\n| --- | --- |\n{rows}\n")
            parts += ["".join(made) for made in [TABLES[name](writer) for name in section.get("tables", ())]]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def codes(_writer: Writer) -> Iterator[str]:
    """The exit codes."""
    yield "| exit code | meaning |\n| --- | --- |\n"
    yield from (row(str(one.value), one.name.lower().replace("_", " ")) + "\n" for one in ExitCode)
    yield "\n"
    yield from errors()


TABLES = {
    "written": written,
    "errors": codes,
    "known": lambda writer: (part for exercise in writer.course.exercises for part in known(exercise, writer)),
}


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
