"""Hand in a source of 200 000 minus signs, at which whoever walks through the tree recursively fails.

ends: runtime_error, memory_limit_exceeded
earns: nothing
works in: itself
"""

import ast
from pathlib import Path


def build(folder, right):
    (Path(folder) / "power.py").write_text("x = " + "-" * 200_000 + "1\n")
    return folder


def works(path, folder):
    try:
        ast.parse((Path(path) / "power.py").read_text())
    except (MemoryError, RecursionError):
        return True
    return False
