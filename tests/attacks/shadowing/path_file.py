"""Hand in a .pth file, whose lines Python executes when the folder becomes one of its own.

ends: accepted
earns: all
works in: naive, looks by addsitedir
"""

from pathlib import Path


def build(folder, right):
    (Path(folder) / "power.py").write_text(right)
    (Path(folder) / "x.pth").write_text('import sys; print("the attack worked", flush=True)\n')
    return folder
