"""Hand in a zip with two files of one name: one for who looks through it, and one that is graded.

ends: not_implemented
earns: nothing
problem: is there more than once
works in: itself
"""

import warnings
import zipfile
from pathlib import Path


def build(folder, right):
    with warnings.catch_warnings(), zipfile.ZipFile(Path(folder) / "work.zip", "w") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("power.py", right)
        archive.writestr("power.py", right.replace("x ** 3", "x ** 2"))
    return Path(folder) / "work.zip"


def works(path, folder):
    with zipfile.ZipFile(path) as archive:
        first, second = (archive.read(entry) for entry in archive.infolist())
        return first != second == archive.read("power.py")
