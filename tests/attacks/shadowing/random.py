"""Hand in a module of the standard library that the grader itself imports.

ends: accepted
earns: all
problem: has the name of a library
works in: naive
"""

from pathlib import Path


def build(folder, right):
    (Path(folder) / "power.py").write_text(right)
    (Path(folder) / "random.py").write_text('print("the attack worked", flush=True)\n')
    return folder
