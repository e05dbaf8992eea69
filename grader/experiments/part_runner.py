"""Runs inside a worker, as the main module beside a submission: one experiment with the functions of the student.

This text is sent with the submission and followed by one line that calls `prepare`. It imports the standard library and NumPy alone, and
holds no answer. What it says may be forged by the code that it runs; the trusted side compares it with what the reference gives.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Sequence
from typing import Any

# Of a function: the name that an experiment calls it by, all names that it may have, and the file to look in.
Need = tuple[str, tuple[str, ...], str]


class Unwritten(Exception):  # noqa: N818 - a signal within this module
    """A function has returned nothing at all, as a stub that ends in ``pass`` does."""


class Calls:
    """The functions that an experiment may call, as attributes; and which of them was called last."""

    def __init__(self) -> None:
        self.last_called = -1
        self.is_inside = False


def prepare(text: str, needs: Sequence[Need], package: str) -> tuple[Callable[..., Any], Callable[[], Any]]:
    """Load the files that `needs` name and the experiment `text`, and give the two functions that the worker is asked for.

    The first is ``draw(part, data)``, which returns ``("drawn", arrays)``, or ``("missing", index)`` or ``("unwritten", index)`` with the
    place of a function in `needs`; the second, ``last()``, says which function was called last, and whether it had returned.
    """
    # Found before any code of the student's has run; later there may be anything.
    finder = sys.meta_path[-1]
    calls = Calls()
    spaces: dict[str, dict[str, Any]] = {}
    broken: BaseException | None = None
    try:
        for path in dict.fromkeys(path for _function, _names, path in needs):
            spaces[path] = load(finder, path, package)
    except ModuleNotFoundError:
        # The worker puts a placeholder into the place of the library, and begins again.
        raise
    except BaseException as error:  # noqa: BLE001 - raised again where no file but the student's is on the way to it
        broken = error
    absent = [] if broken else [index for index, need in enumerate(needs) if not attach(calls, index, need, spaces)]
    experiment: dict[str, Any] = {"__name__": "experiment"}
    exec(compile(text, "<experiment>", "exec", dont_inherit=True), experiment)  # noqa: S102 - a course's own text

    def draw(part: str, data: dict[str, Any]) -> tuple[Any, ...]:
        if broken is not None:
            raise broken
        if absent:
            return "missing", absent[0]
        try:
            return "drawn", dict(experiment["run"](part, calls, data))
        except (NotImplementedError, Unwritten):
            return "unwritten", calls.last_called

    return draw, lambda: (calls.last_called, calls.is_inside)


def load(finder: Any, path: str, package: str) -> dict[str, Any]:
    """Execute one file as the worker does with a graded one, with its own folder as the place of its siblings."""
    name = f"{package}." + path.removesuffix(".py").replace("/", ".")
    module = types.ModuleType(name)
    module.__file__, module.__package__ = path, name.rpartition(".")[0]
    sys.modules[name] = module
    finder.folder = path.rpartition("/")[0]
    try:
        exec(compile(finder.files[path], path, "exec", dont_inherit=True), module.__dict__)  # noqa: S102 - that is its purpose
    except PermissionError:
        # What stands above the line that asked for a file is used, as in grading.
        pass
    except ModuleNotFoundError as error:
        if type(error).__name__ != "NotAvailable":
            raise
    return module.__dict__


def attach(calls: Calls, index: int, need: Need, spaces: dict[str, dict[str, Any]]) -> bool:
    """Make a function an attribute of `calls`; False if the student's file has none of its names."""
    function, names, path = need
    found = next((spaces[path][name] for name in names if spaces[path].get(name) is not None), None)
    if found is None:
        return False

    def call(*arguments: Any, **options: Any) -> Any:
        calls.last_called, calls.is_inside = index, True
        result = found(*arguments, **options)
        calls.is_inside = False
        if result is None or (type(result) is tuple and all(item is None for item in result)):
            raise Unwritten(function)
        return result

    setattr(calls, function, call)
    return True
