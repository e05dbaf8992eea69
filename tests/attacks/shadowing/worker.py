"""Hand in files with the names of the worker's own modules, to be imported in their place.

ends: accepted
earns: all
works in: itself
"""

import importlib.machinery
from pathlib import Path

NAMES = ("codec", "request", "sources", "child", "seal", "zygote", "preload", "plain", "submission")


def build(folder, right):
    (Path(folder) / "power.py").write_text(right)
    for name in NAMES:
        (Path(folder) / f"{name}.py").write_text('raise SystemExit("taken over")\n')
    return folder


def works(path, folder):
    found = importlib.machinery.PathFinder.find_spec("codec", [str(path)])
    return "taken over" in Path(found.origin).read_text()
