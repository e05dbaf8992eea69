"""Hand in a zip with a file that leads out of it.

ends: accepted
earns: all
problem: leads out of the zip
works in: itself
"""

import os
import zipfile
from pathlib import Path


def build(folder, right):
    with zipfile.ZipFile(Path(folder) / "work.zip", "w") as archive:
        archive.writestr("power.py", right)
        archive.writestr("../evil.py", right)
    return Path(folder) / "work.zip"


def works(path, folder):
    inner = Path(folder) / "inner"
    inner.mkdir()
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            (inner / name).write_bytes(archive.read(name))
    return os.path.exists(Path(folder) / "evil.py")
