"""Attacks as data. Each is a file of a family: hostile code with a docstring that says what it tries, and a head of ``key: value`` lines.

The code stands below the right answer of the whole exercise (``RIGHT``), and replaces what it likes of it: an attack that computes nothing
itself keeps the points of ``cube_forward``. A word between @ is filled in, for the attacker knows everything: paths, process ids, ports,
even where in the grader's memory the seed lies. A file with a function ``build(folder, right)`` makes another submission than one
``power.py``, and ``works(path, folder)`` is then its own control.

The keys, with what they are where they are not given::

    ends: security_violation    the verdicts of the attacked function, parted by commas; or `refused`: there is no submission to grade
    earns: forward              what the honest part earns: all, forward or nothing
    problem:                    a part of the sentence about the file, where a file is left out
    works in: plain             the weaker mode in which it works, and how that grader goes about it: `naive, compares by equal`
    seen as: says               how it is seen that it works; see ``controls.SIGNS``
    in plain: works             what the plain sandbox does about it: works or stopped (the default if it works elsewhere)
    raw:                        text that a weak grader shows, as a Python literal; if it is `seen as: shown raw`, none of ours may
    harmless:                   why it may work anywhere, where nothing can stop it and nothing is gained
    host may forbid: no         whether kernels, or containers, exist that forbid it to everybody
    needs:                      x86_64, where it is machine code
"""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.sandbox.hostile import RIGHT

HERE = Path(__file__).parent
FAMILIES = {
    "reading": "Reading answers",
    "forging": "Forging results",
    "limits": "Escaping limits",
    "kernel": "The network and the kernel",
    "shadowing": "Shadowing modules",
    "files": "The submission as a file",
    "watched": "Behaving otherwise when watched",
    "patching": "Patching NumPy and Python for later calls",
    "exhausting": "Exhausting the grader by exceptions",
    "probing": "Probing hidden inputs",
}
KEYS = {
    *("ends", "earns", "problem", "works in", "seen as", "in plain", "raw", "harmless", "host may forbid", "needs"),
}
# What a submission may bring along: system calls by name.
HELPER = HERE / "burglary.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """One hostile submission."""

    family: str
    name: str
    title: str
    ends: frozenset[str]
    earns: str
    problem: str
    mode: str
    way: str
    sign: str
    plain: str
    raw: str
    harmless: str
    may_be_forbidden: bool
    needs: str
    text: str
    builder: ModuleType | None = field(compare=False, hash=False, default=None)

    @property
    def id(self) -> str:
        """How a test and the table call it."""
        return f"{self.family}/{self.name}"

    def write(self, folder: Path, known: dict[str, str]) -> Path:
        """Write the submission below `folder`, with all that the attacker knows, and give its path."""
        text = self.text
        for word, value in known.items():
            text = text.replace(f"@{word}@", value)
        if self.builder is not None:
            return Path(self.builder.build(folder, RIGHT))
        (folder / "power.py").write_text(RIGHT + "\n\n" + text, encoding="utf-8")
        if "from burglary import" in text:
            (folder / HELPER.name).write_text(HELPER.read_text(encoding="utf-8"), encoding="utf-8")
        return folder

    @property
    def control(self) -> Callable[[Path, Path], Any] | None:
        """The control that it brings itself."""
        return getattr(self.builder, "works", None)


def load_attack(path: Path) -> Attack:
    """Read the head of one attack."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    title, head = _split(ast.get_docstring(tree) or "")
    unknown = set(head) - KEYS
    if not title or unknown:
        raise ValueError(f"{path}: a title is needed, and {sorted(unknown)} are no keys")
    mode, _, way = head.get("works in", "plain").partition(",")
    builds = any(isinstance(node, ast.FunctionDef) and node.name == "build" for node in tree.body)
    return Attack(
        family=path.parent.name,
        name=path.stem,
        title=title,
        ends=frozenset(word.strip() for word in head.get("ends", "security_violation").split(",")),
        earns=head.get("earns", "forward"),
        problem=head.get("problem", ""),
        mode=mode,
        way=way.rpartition("by")[2].strip(),
        sign=head.get("seen as", "says"),
        plain=head.get("in plain", "works" if mode == "plain" else "stopped"),
        raw=str(ast.literal_eval(head.get("raw", "''"))),
        harmless=head.get("harmless", ""),
        may_be_forbidden=head.get("host may forbid") == "yes",
        needs=head.get("needs", ""),
        text=text,
        builder=_import(path) if builds else None,
    )


def load_attacks() -> list[Attack]:
    """All attacks, family by family."""
    return [load_attack(path) for family in FAMILIES for path in sorted((HERE / family).glob("*.py"))]


def _split(docstring: str) -> tuple[str, dict[str, str]]:
    """The sentences, and the head: the last paragraph, if every line of it has a colon behind a known key."""
    text, _, last = docstring.rpartition("\n\n")
    lines = [line.partition(":") for line in last.splitlines()]
    if lines and all(key in KEYS and colon for key, colon, _ in lines):
        return " ".join(text.split()), {key: value.strip() for key, _, value in lines}
    return " ".join(docstring.split()), {}


def _import(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"attack_{path.parent.name}_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
