"""Hand in a zip of 20 000 entries.

ends: refused
works in: itself
"""

import zipfile
from pathlib import Path


def build(folder, right):
    with zipfile.ZipFile(Path(folder) / "work.zip", "w") as archive:
        for number in range(20_000):
            archive.writestr(f"a{number}/", b"")
    return Path(folder) / "work.zip"


def works(path, folder):
    with zipfile.ZipFile(path) as archive:
        return len(archive.namelist()) == 20_000
