"""Hand in a zip packed by a method whose unpacker has no bounds.

ends: not_implemented
earns: nothing
problem: is compressed in an unusual way
works in: itself
"""

import zipfile
from pathlib import Path


def build(folder, right):
    with zipfile.ZipFile(Path(folder) / "work.zip", "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("power.py", b"#" * (200 << 20) if right is None else b"#" * (50 << 20))
    return Path(folder) / "work.zip"


def works(path, folder):
    with zipfile.ZipFile(path) as archive:
        return Path(path).stat().st_size < 10_000 and len(archive.read("power.py")) == 50 << 20
