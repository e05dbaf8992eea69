"""Mutants of a reference: the same module with one small thing wrong, to see whether any check notices.

The known mistakes of a course are those that an author thought of. Mutants are those that nobody thought of: every operator,
constant, axis, sign and term is changed in turn. One that no check notices is a hole in the checks, or makes no difference.

General tools (cosmic-ray, mutmut) change operators and constants, but know no axis, no ``keepdims``, no swapped arguments and no
dropped term, where the errors of numerical code are, and they start a test command for every mutant; here each is one more
submission, which takes some milliseconds.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

_BINARY: dict[type[ast.operator], tuple[str, ...]] = {
    ast.Add: ("-",),
    ast.Sub: ("+",),
    ast.Mult: ("/",),
    ast.Div: ("*",),
    ast.Pow: ("*",),
    ast.FloorDiv: ("/", "%"),
    ast.Mod: ("//",),
}
# Of a sum, product or quotient, what is left when one side is forgotten.
_DROPS: dict[type[ast.operator], str] = {ast.Add: "LR", ast.Sub: "L-", ast.Mult: "LR", ast.Div: "L", ast.Pow: "L", ast.Mod: "L"}
_SYMBOLS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//"}
_COMPARISONS: dict[type[ast.cmpop], tuple[str, ...]] = {
    ast.Lt: ("<=", ">"),
    ast.LtE: ("<", ">="),
    ast.Gt: (">=", "<"),
    ast.GtE: (">", "<="),
    ast.Eq: ("!=",),
    ast.NotEq: ("==",),
    ast.Is: ("is not",),
    ast.IsNot: ("is",),
    ast.In: ("not in",),
    ast.NotIn: ("in",),
}
# Names that are taken for each other, as functions of NumPy, as methods, or as functions of Python.
_CONFUSED = {
    "sum": "mean", "mean": "sum", "max": "min", "min": "max", "maximum": "minimum", "minimum": "maximum", "argmax": "argmin",
    "argmin": "argmax", "var": "std", "std": "var", "zeros_like": "ones_like", "ones_like": "zeros_like", "zeros": "ones", "ones": "zeros",
    "floor": "ceil", "ceil": "floor", "any": "all", "all": "any", "cumsum": "cumprod", "normal": "uniform", "uniform": "normal",
    "exp": "expm1", "log": "log1p", "log1p": "log", "expm1": "exp", "tanh": "sinh", "sin": "cos", "cos": "sin",
}  # fmt: skip
# Functions to whom the order of their arguments is all one.
_COMMUTE = frozenset({"maximum", "minimum", "add", "multiply", "max", "min", "isclose", "array_equal", "logical_and", "logical_or"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One mutant: where it differs from the reference, and its whole source.

    ``before`` and ``after`` are the lines that differ, without their indentation. With ``occurrence``, which counts equal ones, they
    identify it as long as the reference stays.
    """

    function: str
    line: int
    before: str
    after: str
    occurrence: int
    source: str

    @property
    def key(self) -> tuple[str, str, str, int]:
        """What identifies it in the list of those that make no difference."""
        return self.function, self.before, self.after, self.occurrence


def make_mutants(source: str) -> Iterator[Mutant]:
    """Make every mutant of a module, function by function, in the order of the source."""
    text = _Text(source)
    for function in ast.parse(source).body:
        if not isinstance(function, ast.FunctionDef):
            continue
        seen = {source}
        told: Counter[tuple[str, str]] = Counter()
        for node in _nodes_of(function):
            for part, replacement in _changes(node, text):
                changed = text.with_change(part, replacement)
                if changed in seen or not _compiles(changed):
                    continue
                seen.add(changed)
                line, before, after = _difference(source, changed)
                told[before, after] += 1
                yield Mutant(function=function.name, line=line, before=before, after=after, occurrence=told[before, after], source=changed)


def _difference(source: str, changed: str) -> tuple[int, str, str]:
    """The number of the first line that differs, and both its forms."""
    pairs = zip(source.splitlines(), changed.splitlines(), strict=False)
    return next((number, old.strip(), new.strip()) for number, (old, new) in enumerate(pairs, 1) if old != new)


class _Text:
    """A source that can be cut by the positions of its nodes, which count bytes."""

    def __init__(self, source: str) -> None:
        self.raw = source.encode()
        self.starts = [0]
        for line in self.raw.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
        return self.starts[node.lineno - 1] + node.col_offset, self.starts[end_line - 1] + end_column

    def of(self, node: ast.expr | ast.stmt) -> str:
        start, end = self.span(node)
        return self.raw[start:end].decode()

    def with_change(self, node: ast.expr | ast.stmt, replacement: str) -> str:
        start, end = self.span(node)
        return (self.raw[:start] + replacement.encode() + self.raw[end:]).decode()


def _compiles(source: str) -> bool:
    try:
        compile(source, "mutant", "exec", dont_inherit=True)
    except SyntaxError:
        return False
    return True


def _nodes_of(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """All nodes that compute something: no docstring, no annotation, no word of an error message."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    queue: list[ast.AST] = [*(default for default in (*function.args.defaults, *function.args.kw_defaults) if default is not None), *body]
    while queue:
        node = queue.pop(0)
        if isinstance(node, (ast.Raise, ast.Assert, ast.Import, ast.ImportFrom)):
            continue
        yield node
        children = list(ast.iter_child_nodes(node))
        if isinstance(node, ast.AnnAssign):
            children = [child for child in children if child is not node.annotation]
        if isinstance(node, (ast.FunctionDef, ast.Lambda)):
            children = [*node.body] if isinstance(node, ast.FunctionDef) else [node.body]
        queue[:0] = children


Change = tuple[ast.expr | ast.stmt, str]


def _changes(node: ast.AST, text: _Text) -> Iterator[Change]:
    """Everything that may be wrong with one node: the part that is replaced, and by what."""
    if isinstance(node, ast.BinOp):
        yield from _binary(node, text)
    elif isinstance(node, ast.UnaryOp):
        yield node, f"({text.of(node.operand)})"
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        left, right = text.of(node.left), text.of(node.comparators[0])
        yield from ((node, f"({left} {symbol} {right})") for symbol in _COMPARISONS[type(node.ops[0])])
    elif isinstance(node, ast.BoolOp):
        word = " or " if isinstance(node.op, ast.And) else " and "
        yield node, "(" + word.join(text.of(value) for value in node.values) + ")"
    elif isinstance(node, ast.Constant):
        yield from _constant(node)
    elif isinstance(node, ast.Call):
        yield from _call(node, text)
    elif isinstance(node, ast.Attribute) and node.attr == "T":
        yield node, text.of(node.value)
    elif isinstance(node, ast.IfExp):
        yield node, f"({text.of(node.body)})"
        yield node, f"({text.of(node.orelse)})"
    elif isinstance(node, (ast.If, ast.While)):
        yield node.test, f"(not ({text.of(node.test)}))"
    elif isinstance(node, ast.stmt):
        yield from _statement(node, text)


def _binary(node: ast.BinOp, text: _Text) -> Iterator[Change]:
    left, right, kind = text.of(node.left), text.of(node.right), type(node.op)
    yield from ((node, f"(({left}) {symbol} ({right}))") for symbol in _BINARY.get(kind, ()))
    for side in _DROPS.get(kind, ""):
        yield node, {"L": f"({left})", "R": f"({right})", "-": f"(-({right}))"}[side]
    if kind in (ast.Sub, ast.Div, ast.MatMult):
        symbol = "@" if kind is ast.MatMult else _SYMBOLS[kind]
        yield node, f"(({right}) {symbol} ({left}))"


def _constant(node: ast.Constant) -> Iterator[Change]:
    value = node.value
    if isinstance(value, bool):
        yield node, str(not value)
    elif isinstance(value, int):
        yield node, str(value + 1)
        yield node, str(value - 1)
    elif isinstance(value, float):
        yield node, repr(value * 2)
        yield node, repr(value + 1.0)


def _call(node: ast.Call, text: _Text) -> Iterator[Change]:
    function, arguments = text.of(node.func), [text.of(argument) for argument in node.args]
    named = {word.arg: text.of(word.value) for word in node.keywords if word.arg is not None}

    def call(function: str, arguments: list[str], named: dict[str, str]) -> str:
        return f"{function}({', '.join([*arguments, *(f'{key}={value}' for key, value in named.items())])})"

    for key in named:
        yield node, call(function, arguments, {other: value for other, value in named.items() if other != key})
    if named.get("axis") in ("0", "1", "-1"):
        yield node, call(function, arguments, named | {"axis": {"0": "-1", "1": "0", "-1": "0"}[named["axis"]]})
    if len(arguments) > 1 and function.removeprefix("np.") not in _COMMUTE:
        yield node, call(function, [arguments[1], arguments[0], *arguments[2:]], named)
    if len(arguments) == 1 and not isinstance(node.args[0], (ast.Starred, ast.GeneratorExp)):
        yield node, f"({arguments[0]})"
    if isinstance(node.func, ast.Attribute):
        owner, name = text.of(node.func.value), node.func.attr
        if name in _CONFUSED:
            yield node, call(f"{owner}.{_CONFUSED[name]}", arguments, named)
        if not (isinstance(node.func.value, ast.Name) and node.func.value.id in ("np", "rng")):
            # A method, as in x.copy() or x.reshape(N, -1): the value without it.
            yield node, f"({owner})"
    elif function in _CONFUSED:
        yield node, call(_CONFUSED[function], arguments, named)


def _statement(node: ast.stmt, text: _Text) -> Iterator[Change]:
    if isinstance(node, ast.AugAssign):
        target, value, kind = text.of(node.target), text.of(node.value), type(node.op)
        yield from ((node, f"{target} {symbol}= {value}") for symbol in _BINARY.get(kind, ()))
        yield node, f"{target} = {value}"
        yield node, "pass"
    elif isinstance(node, (ast.Expr, ast.Break, ast.Continue)) or _is_subscript_assignment(node):
        yield node, "pass"


def _is_subscript_assignment(node: ast.stmt) -> bool:
    # Any other assignment would leave a name undefined, which is a crash and shows nothing.
    return isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript)
