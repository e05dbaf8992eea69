"""Hand in a link to a device that never ends.

ends: not_implemented
earns: nothing
problem: is a symbolic link
works in: itself
"""

from pathlib import Path


def build(folder, right):
    (Path(folder) / "power.py").symlink_to("/dev/zero")
    return folder


def works(path, folder):
    with open(Path(path) / "power.py", "rb") as file:
        return len(file.read(1 << 24)) == 1 << 24
