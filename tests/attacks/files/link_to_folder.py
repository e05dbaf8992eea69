"""Hand in a link to the folder of the reference.

ends: not_implemented
earns: nothing
problem: is a symbolic link
works in: itself
"""

from pathlib import Path

REFERENCE = Path(__file__).parents[2] / "courses" / "tiny" / "reference"


def build(folder, right):
    (Path(folder) / "work").symlink_to(REFERENCE)
    return folder


def works(path, folder):
    return any("scale * x**3" in one.read_text() for one in (Path(path) / "work").glob("*.py"))
