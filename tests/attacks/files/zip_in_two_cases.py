"""Hand in a zip with two files whose names differ in the case of letters alone, of which some disks keep one.

ends: not_implemented
earns: nothing
problem: only in upper and lower case
works in: itself
"""

import zipfile
from pathlib import Path


def build(folder, right):
    with zipfile.ZipFile(Path(folder) / "work.zip", "w") as archive:
        archive.writestr("power.py", right)
        archive.writestr("Power.py", right.replace("x ** 3", "x ** 2"))
    return Path(folder) / "work.zip"


def works(path, folder):
    with zipfile.ZipFile(path) as archive:
        return len({name.lower() for name in archive.namelist()}) < len(archive.namelist())
