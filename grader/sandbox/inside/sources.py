"""Import a submission from memory: relative and sibling imports work, no file is read, what is not preloaded is not there.

Years of real work were written in folders of other shapes than the one it arrives in, so a sibling is found by the end of its
path: ``from cs231n.layers import *``, ``from .layers import *`` and ``import layers`` all find ``layers.py``.
"""

from __future__ import annotations

import importlib.machinery
import os
import sys
import types
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from typing import TYPE_CHECKING, Any

# Inside a worker the folder of this file is on the path; on the trusted side it is a package.
if TYPE_CHECKING or __package__:
    from .stand_ins import NotAvailable, stand_in
else:
    from stand_ins import NotAvailable, stand_in

# No file of a student's has this name.
ROOT = "__submission__"
# Packages around the graded module, so that `from ..layers import x` has somewhere to climb to.
PREFIX = f"{ROOT}.{ROOT}.{ROOT}"
MAX_PLACEHOLDERS = 20


class SubmissionFinder(MetaPathFinder, Loader):
    """Finds the modules of one submission among its texts, and placeholders for the libraries named so far."""

    def __init__(self, files: dict[str, str], folder: str) -> None:
        self.files = files
        self.folder = folder
        self.placeholders: set[str] = set()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Find `fullname`, or say that it is not here."""
        if self.placeholders & {fullname, fullname.split(".", maxsplit=1)[0]}:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True, loader_state="missing")
        parts = [part for part in fullname.split(".") if part != ROOT]
        if not parts and fullname.split(".", maxsplit=1)[0] == ROOT:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True, loader_state="package")
        found = self._find_file(parts)
        if found is not None:
            return importlib.machinery.ModuleSpec(
                fullname, self, origin=found, is_package=found.endswith("/__init__.py"), loader_state=found
            )
        if self._is_folder(parts):
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True, loader_state="package")
        return None

    def _find_file(self, parts: list[str]) -> str | None:
        for start in range(len(parts)):
            tail = "/".join(parts[start:])
            beside = f"{self.folder}/{tail}" if self.folder else tail
            for candidate in (f"{tail}.py", f"{tail}/__init__.py", f"{beside}.py", f"{beside}/__init__.py"):
                if candidate in self.files:
                    return candidate
            # Only one candidate may end so: two would make the choice a matter of luck.
            ends = [path for path in self.files if path.endswith(f"/{tail}.py")]
            if len(ends) == 1:
                return ends[0]
        return None

    def _is_folder(self, parts: list[str]) -> bool:
        folder = "/".join(parts) + "/"
        return bool(parts) and any(path.startswith(folder) or f"/{folder}" in f"/{path}" for path in self.files)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType | None:
        """Make a placeholder, or leave it to Python."""
        return stand_in(spec.name) if spec.loader_state == "missing" else None

    def exec_module(self, module: types.ModuleType) -> None:
        """Run the text of a module."""
        spec = module.__spec__
        state = None if spec is None else spec.loader_state
        if state not in (None, "missing", "package"):
            module.__file__ = state
            exec(compile(self.files[state], state, "exec", dont_inherit=True), module.__dict__)  # noqa: S102 - that is its purpose


def execute(files: dict[str, str], path: str) -> tuple[dict[str, Any], BaseException | None]:
    """Run the file at `path` and return its namespace, with the exception that broke it off where the sandbox is the reason.

    A library that is not there and that nobody catches the ImportError of becomes a placeholder, and the module is run anew:
    so ``try: import numba`` keeps its own fallback, and a plain ``import matplotlib.pyplot`` does not cost a mark.
    """
    folder = path.rpartition("/")[0]
    finder = SubmissionFinder(files, folder)
    _be_nowhere()
    sys.meta_path.append(finder)
    loaded_before = set(sys.modules)
    for _ in range(MAX_PLACEHOLDERS + 1):
        module = types.ModuleType(_module_name(path))
        # As a script would have it, except that `if __name__ == "__main__"` is false.
        module.__file__ = path
        module.__package__ = module.__name__.rpartition(".")[0]
        sys.modules[module.__name__] = module
        try:
            exec(compile(files[path], path, "exec", dont_inherit=True), module.__dict__)  # noqa: S102 - that is its purpose
        except NotAvailable as error:
            return module.__dict__, error
        except ModuleNotFoundError as error:
            # A sibling that was not handed in stands for itself alone, a library for all that is in it.
            name = error.name or ""
            name = name if name.startswith(f"{ROOT}.") else name.split(".")[0]
            if not name or name in finder.placeholders:
                raise
            finder.placeholders.add(name)
            for added in set(sys.modules) - loaded_before:
                del sys.modules[added]
            continue
        except PermissionError as error:
            return module.__dict__, error
        return module.__dict__, None
    raise ModuleNotFoundError("the module imports too many libraries that are not there")


def _be_nowhere() -> None:
    """Let a submission ask where it is and put folders on the import path, as files often do at their top.

    Both would ask the system for something that is refused, and the module would end there.
    """
    os.getcwd, os.getcwdb = lambda: "/", lambda: b"/"
    sys.meta_path[:] = [one for one in sys.meta_path if one is not importlib.machinery.PathFinder]


def _module_name(path: str) -> str:
    return f"{PREFIX}." + path.removesuffix(".py").replace("/", ".")
