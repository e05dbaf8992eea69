"""Give a file a name that is read the other way round.

ends: accepted
earns: all
problem: cannot be shown
works in: itself
"""

from pathlib import Path


def build(folder, right):
    (Path(folder) / "power.py").write_text(right)
    (Path(folder) / "\u202eyp.rewop.py").write_text(right)
    return folder


def works(path, folder):
    return any("\u202e" in one.name for one in Path(path).iterdir())
