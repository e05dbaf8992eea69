"""Hand in a source in an encoding that makes code of escape sequences inside a comment.

ends: not_implemented
earns: nothing
problem: declares the encoding
works in: itself
"""

from pathlib import Path


def build(folder, right):
    (Path(folder) / "power.py").write_bytes(b"# coding: raw_unicode_escape\n#\\u000aHIDDEN = True\n")
    return folder


def works(path, folder):
    found = {}
    exec(compile((Path(path) / "power.py").read_bytes(), "power.py", "exec"), found)
    return found["HIDDEN"]
