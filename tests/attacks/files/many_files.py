"""Hand in more files than anybody writes.

ends: accepted
earns: all
problem: a submission may have
works in: itself
"""

from pathlib import Path


def build(folder, right):
    (Path(folder) / "power.py").write_text(right)
    for number in range(500):
        (Path(folder) / f"z{number:04}.py").write_text("x = 1\n")
    return folder


def works(path, folder):
    return len(list(Path(path).glob("*.py"))) > 500
