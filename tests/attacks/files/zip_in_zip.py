"""Hand in a zip in a zip, a step of a bomb that is as deep as its reader is patient.

ends: not_implemented
earns: nothing
problem: zip inside a zip
works in: itself
"""

import io
import zipfile
from pathlib import Path


def build(folder, right):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("power.py", right)
    with zipfile.ZipFile(Path(folder) / "work.zip", "w") as archive:
        archive.writestr("work.zip", inner.getvalue())
    return Path(folder) / "work.zip"


def works(path, folder):
    with zipfile.ZipFile(path) as archive:
        return zipfile.is_zipfile(io.BytesIO(archive.read("work.zip")))
