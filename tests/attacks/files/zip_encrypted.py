"""Hand in a zip that says that it is encrypted, so that nobody can look into it before it is graded.

ends: not_implemented
earns: nothing
problem: without a password
works in: itself
"""

import zipfile
from pathlib import Path


def build(folder, right):
    path = Path(folder) / "work.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("power.py", right)
    data = bytearray(path.read_bytes())
    # Bit 0 of the flags: at 6 in a local header, at 8 in the directory (APPNOTE 4.4.4).
    data[data.index(b"PK\x03\x04") + 6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    return path


def works(path, folder):
    with zipfile.ZipFile(path) as archive:
        try:
            archive.read("power.py")
        except RuntimeError:
            return True
    return False
