"""Hand in nothing but a link to the folder of the reference.

ends: refused
works in: itself
"""

from pathlib import Path

REFERENCE = Path(__file__).parents[2] / "courses" / "tiny" / "reference"


def build(folder, right):
    (Path(folder) / "link").symlink_to(REFERENCE)
    return Path(folder) / "link"


def works(path, folder):
    return "scale * x**3" in (Path(path) / "power.py").read_text()
