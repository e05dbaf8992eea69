"""Hand in a zip of a hundred kilobytes that unpacks to a hundred megabytes.

ends: not_implemented
earns: nothing
problem: and was not read
works in: itself
"""

import zipfile
from pathlib import Path


def build(folder, right):
    with zipfile.ZipFile(Path(folder) / "work.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("power.py", b"#" * (100 << 20))
    return Path(folder) / "work.zip"


def works(path, folder):
    with zipfile.ZipFile(path) as archive:
        return Path(path).stat().st_size < 200_000 and len(archive.read("power.py")) == 100 << 20
