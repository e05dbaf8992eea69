"""Hand in a link to the reference in place of the work.

ends: not_implemented
earns: nothing
problem: is a symbolic link
works in: itself
"""

from pathlib import Path

REFERENCE = Path(__file__).parents[2] / "courses" / "tiny" / "reference" / "power.py"


def build(folder, right):
    (Path(folder) / "power.py").symlink_to(REFERENCE)
    return folder


def works(path, folder):
    return "scale * x**3" in (Path(path) / "power.py").read_text()
