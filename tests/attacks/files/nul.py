"""Hand in a source with a NUL in it, behind which some readers see nothing.

ends: runtime_error, not_implemented
earns: nothing
works in: itself
"""

from pathlib import Path


def build(folder, right):
    (Path(folder) / "power.py").write_bytes(b"x = 1\n\0" + right.encode())
    return folder


def works(path, folder):
    seen = (Path(path) / "power.py").read_bytes().split(b"\0")[0]
    return b"cube" not in seen
