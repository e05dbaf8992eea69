"""Hand in a zip with a file that has its place among the machine's own.

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
        archive.writestr("/etc/layerwise-attack.py", right)
    return Path(folder) / "work.zip"


def works(path, folder):
    with zipfile.ZipFile(path) as archive:
        places = [os.path.join(folder, name) for name in archive.namelist()]
    return "/etc/layerwise-attack.py" in places
