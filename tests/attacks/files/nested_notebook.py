"""Hand in a notebook of lists nested 100 000 deep, at which a reader of JSON runs out of stack.

ends: not_implemented
earns: nothing
problem: notebook
works in: itself
"""

import json
from pathlib import Path


def build(folder, right):
    (Path(folder) / "power.ipynb").write_text("[" * 100_000 + "]" * 100_000)
    return folder


def works(path, folder):
    try:
        json.loads((Path(path) / "power.ipynb").read_text())
    except RecursionError:
        return True
    return False
