"""Hand in a zip with a link to the reference in it.

ends: not_implemented
earns: nothing
problem: is a symbolic link
works in: itself
"""

import stat
import zipfile
from pathlib import Path

REFERENCE = Path(__file__).parents[2] / "courses" / "tiny" / "reference" / "power.py"


def build(folder, right):
    entry = zipfile.ZipInfo("power.py")
    entry.create_system = 3
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(Path(folder) / "work.zip", "w") as archive:
        archive.writestr(entry, str(REFERENCE))
    return Path(folder) / "work.zip"


def works(path, folder):
    # As unzip does.
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            if stat.S_ISLNK(entry.external_attr >> 16):
                (Path(folder) / entry.filename).symlink_to(archive.read(entry).decode())
    return "scale * x**3" in (Path(folder) / "power.py").read_text()
