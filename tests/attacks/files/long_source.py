"""Hand in a source of thirty megabytes.

ends: not_implemented
earns: nothing
problem: and was not read
works in: itself
"""

from pathlib import Path


def build(folder, right):
    (Path(folder) / "power.py").write_bytes(b"#" * (30 << 20))
    return folder


def works(path, folder):
    return len((Path(path) / "power.py").read_bytes()) == 30 << 20
