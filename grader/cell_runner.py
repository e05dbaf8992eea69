"""Runs inside a worker, in place of a notebook: defines what the graded functions need, and nothing else.

A notebook defines functions, and then trains, plots, loads files and asks questions. None of that may cost a function its marks, or
the worker its time. So, in the order of the cells, a statement is executed if it binds a name that the graded functions use, directly
or through one another; all others are left out. What fails is left out too. This text is sent with the submission: it imports the
standard library alone.
"""

from __future__ import annotations
import __future__

import ast
import dis
import re
from collections.abc import Collection, Iterator
from types import CodeType
from typing import Any

EVERYTHING = "*"
# Whoever uses these may mean any name of the notebook.
BY_NAME = frozenset({"globals", "locals", "vars", "eval", "exec"})
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)

# A line that Jupyter takes for itself: %magic, !shell, help by a question mark, x = !shell, /f x. Asked only of a line of a cell that is
# no Python as it stands, so that a text of such lines stays what it is.
MAGIC = re.compile(
    r"""\s*(?:
        %{1,2}\w | !{1,2}\S | \?{1,2}\S | [/,;][A-Za-z_]
        | [\w.*\[\]'"%]+\?{1,2}\s*(?:\#.*)?$
        | [\w\s,.\[\]'"]+=\s*(?:!|%\w)
        | (?:pip3?|conda|mamba|uv|cd|ls|ll|cat|mkdir|rmdir|rm|cp|mv|pwd|git|wget|curl|unzip|tar|echo|head|tail|less|more|man|python3?|sudo
            |apt|apt-get|jupyter|matplotlib|load_ext|reload_ext|autoreload|config|run|time|timeit|reset|who|whos|history|env)(?:\s+\S|\s*$)
    )""",
    re.VERBOSE,
)
CELL_MAGIC = re.compile(r"%%\s*(\S*)")
# Cell magics whose body is another language, or Python that defines nothing in the notebook. The body of any other is read as Python.
OTHER = frozenset(
    [
        *("bash", "sh", "zsh", "cmd", "powershell", "script", "system", "sx", "html", "HTML", "javascript", "js", "latex", "markdown"),
        *("svg", "SVG", "perl", "ruby", "R", "julia", "sql", "bigquery", "cython"),
        *("timeit", "python", "python2", "python3", "pypy", "pypy3"),
    ]
)
DEFINES = re.compile(r"^[ \t]*(?:(?:async[ \t]+)?def|class)[ \t]+(\w+)|^(\w+)[ \t]*=(?!=)", re.MULTILINE)


class Statement:
    """One statement of a cell's top level: the names that it binds or changes, and those that it uses."""

    def __init__(self, node: ast.stmt, path: str, flags: int) -> None:
        self.node = node
        self.path = path
        self.flags = flags
        self.code = self.compile()
        self.binds = set(_stored(self.code)) | set(_changed(node))
        if isinstance(node, ast.ImportFrom) and any(alias.name == EVERYTHING for alias in node.names):
            self.binds.add(EVERYTHING)
        self.uses = set(_loaded(self.code))

    def compile(self) -> CodeType:
        """Compile the statement by itself, under the file's name and at its own line."""
        code: CodeType = compile(ast.Module([self.node], []), self.path, "exec", self.flags, dont_inherit=True)
        return code

    def execute(self, namespace: dict[str, Any]) -> None:
        """Execute it; a definition whose decorators fail, such as those of a compiler that is not there, is made without them."""
        try:
            exec(self.code, namespace)  # noqa: S102 - that is its purpose
        except Exception as error:
            if not isinstance(self.node, DEFINITIONS[:3]) or not self.node.decorator_list or _is_missing(error):
                raise
            self.node.decorator_list = []
            exec(self.compile(), namespace)  # noqa: S102 - as above


def run(namespace: dict[str, Any], path: str, cells: Collection[tuple[int, str]], names: Collection[str], is_script: bool = False) -> None:
    """Define in `namespace` what the functions `names` need of the cells, each given by its first line and its source.

    A script is one cell, in which ``__name__`` is not ``"__main__"``; where nobody says what is needed of it, everything is.

    Raises
    ------
    ModuleNotFoundError
        Of an import of a library that is not there, for which the caller finds a placeholder before it runs all of this again.
    PermissionError
        At the end, of a class with the name of the true exception and from its line: the first thing that was needed and failed.
    """
    statements: list[Statement] = []
    failures: list[tuple[int, str]] = []
    flags = 0
    for first, source in cells:
        try:
            nodes = ast.parse(source, path).body if is_script else _parse(source)
        except Exception as error:
            if is_script:
                # Nothing of a file can be used that Python cannot read.
                raise
            # A hostile cell may be too deep or too large for the parser.
            line = error.lineno if isinstance(error, SyntaxError) and error.lineno else 1
            if any({*found} & {*names} for found in DEFINES.findall(source)):
                failures.append((first + line - 1, type(error).__name__))
            continue
        for node in nodes:
            ast.increment_lineno(node, first - 1)
            flags |= _future(node)
            try:
                statements.append(Statement(node, path, flags))
            except Exception as error:  # noqa: BLE001 - such as a return outside a function
                if any({*found} & {*names} for found in DEFINES.findall(ast.unparse(node))):
                    failures.append((node.lineno, type(error).__name__))
    all_of_it = is_script and not names
    if all_of_it:
        names = {name for one in statements for name in one.binds} - {EVERYTHING}
    failures += _execute(_needed(statements, names), namespace, frozenset(names))
    # Of a file that others import, nobody knows whether what failed is needed.
    if failures and not all_of_it:
        _raise(path, *failures[0])


# --------------------------------------------------------------------------------------------------------------------- reading


def _parse(source: str) -> list[ast.stmt]:
    """The statements of a cell, without what is Jupyter's: a line is taken out only if Python objects to the cell."""
    lines = _dedented(source).split("\n")
    first = next((index for index, line in enumerate(lines) if line.strip()), 0)
    magic = CELL_MAGIC.match(lines[first])
    if magic is not None:
        if magic.group(1) in OTHER or magic.group(1).startswith("!"):
            return []
        lines[first] = ""
    while True:
        try:
            return list(_flat(ast.parse("\n".join(lines)).body))
        except SyntaxError as error:
            at = _magic_near(lines, (error.lineno or 1) - 1)
            if at is None:
                raise
            _blank(lines, at)


def _dedented(source: str) -> str:
    """Take away the indent of the first line from all, as Jupyter does with what was copied out of a class or a block."""
    first = next((line for line in source.split("\n") if line.strip()), "")
    indent = first[: len(first) - len(first.lstrip())]
    return "\n".join(line.removeprefix(indent) for line in source.split("\n")) if indent else source


def _magic_near(lines: list[str], at: int) -> int | None:
    """The line that Python objects to if it is Jupyter's, else the last such line before it, else the first after it."""
    order = [*range(min(at, len(lines) - 1), -1, -1), *range(at + 1, len(lines))]
    return next((index for index in order if MAGIC.match(lines[index])), None)


def _blank(lines: list[str], at: int) -> None:
    continues = lines[at].endswith("\\")
    # A block that had nothing else in it is still a block.
    lines[at] = lines[at][: len(lines[at]) - len(lines[at].lstrip())] + "pass"
    while continues and at + 1 < len(lines):
        at += 1
        continues = lines[at].endswith("\\")
        lines[at] = ""


def _flat(nodes: list[ast.stmt]) -> Iterator[ast.stmt]:
    """All statements, with those under ``if __name__ == "__main__"`` among them: in a notebook that is true."""
    for node in nodes:
        if isinstance(node, ast.If) and ast.unparse(node.test).replace('"', "'") == "__name__ == '__main__'":
            yield from _flat(node.body)
        else:
            yield node


def _future(node: ast.stmt) -> int:
    if not isinstance(node, ast.ImportFrom) or node.module != "__future__":
        return 0
    return sum(getattr(getattr(__future__, alias.name, None), "compiler_flag", 0) for alias in node.names)


# ----------------------------------------------------------------------------------------------------------- what needs what


def _stored(code: CodeType) -> Iterator[str]:
    return (one.argval for one in dis.get_instructions(code) if one.opname in ("STORE_NAME", "STORE_GLOBAL"))


def _loaded(code: CodeType) -> Iterator[str]:
    """The global names that code uses, in the functions and classes in it as well. A local name of a function is none of them."""
    for one in dis.get_instructions(code):
        if one.opname.startswith("LOAD_") and one.opname.endswith(("_NAME", "_GLOBAL", "_GLOBALS")):
            yield one.argval
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _loaded(constant)


def _changed(node: ast.stmt) -> Iterator[str]:
    """The names whose values a statement changes: ``table["x"] = 1``, ``Net.forward = f``, ``names.append("x")``, ``setattr(Net, ...)``."""
    if isinstance(node, DEFINITIONS):
        return
    for part in ast.walk(node):
        if isinstance(part, (ast.Attribute, ast.Subscript)) and isinstance(part.ctx, ast.Store):
            yield from _root(part)
        if isinstance(part, ast.Expr) and isinstance(part.value, ast.Call):
            call = part.value
            by_name = isinstance(call.func, ast.Name) and call.func.id == "setattr" and call.args
            yield from _root(call.args[0] if by_name else call.func if isinstance(call.func, ast.Attribute) else call)


def _root(node: ast.expr) -> Iterator[str]:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id


def _needed(statements: list[Statement], names: Collection[str]) -> list[Statement]:
    """The statements that bind what `names` need, directly or through one another, in the order of the notebook."""
    # Calling a method of a library, as in plt.plot(x), or of a function, changes nothing that could be needed.
    plain = [one for one in statements if isinstance(one.node, DEFINITIONS) and not isinstance(one.node, ast.ClassDef)]
    fixed = {name for one in plain for name in one.binds}
    binders: dict[str, list[Statement]] = {}
    for one in statements:
        for name in one.binds - fixed if isinstance(one.node, ast.Expr) else one.binds:
            binders.setdefault(name, []).append(one)
    needed: set[int] = set()
    seen: set[str] = set()
    pending = [*names, EVERYTHING]
    while pending:
        name = pending.pop()
        if name in seen:
            continue
        seen.add(name)
        if name in BY_NAME:
            pending += [bound for one in statements if isinstance(one.node, DEFINITIONS) for bound in one.binds]
        for one in binders.get(name, []):
            needed.add(id(one))
            pending += one.uses
    return [one for one in statements if id(one) in needed]


# ------------------------------------------------------------------------------------------------------------------- executing


def _execute(statements: list[Statement], namespace: dict[str, Any], names: frozenset[str]) -> list[tuple[int, str]]:
    """Execute the statements, and give line and exception of those that failed and left a name undefined."""
    failed: list[tuple[Statement, str]] = []
    for one in statements:
        before = {name: namespace[name] for name in one.binds & names if callable(namespace.get(name))}
        try:
            one.execute(namespace)
        except BaseException as error:  # also sys.exit(), and whatever else a cell may raise
            if _is_missing(error):
                raise
            failed.append((one, type(error).__name__))
        # softmax = softmax(x) in a cell that tries it out does not take the function away.
        namespace.update({name: value for name, value in before.items() if not callable(namespace.get(name))})
    return [(one.node.lineno, kind) for one, kind in failed if any(name not in namespace for name in one.binds - {EVERYTHING})]


def _is_missing(error: BaseException) -> bool:
    """Whether a library is not there and has no placeholder yet."""
    if type(error) is not ModuleNotFoundError or not error.name:
        return False
    try:
        __import__(error.name)
    except ModuleNotFoundError as again:
        return again.name == error.name
    except BaseException:  # noqa: BLE001 - a module of the student's own may raise anything
        return False
    return False


def _raise(path: str, line: int, kind: str) -> None:
    """Raise an exception that comes from a line of the notebook."""
    # A PermissionError is what does not undo the definitions: the caller keeps them, and describes the exception.
    error = type(kind, (PermissionError,), {})()
    exec(compile("\n" * (line - 1) + "raise error", path, "exec"), {"error": error})  # noqa: S102 - a text of our own
