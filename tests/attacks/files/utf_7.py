"""Hand in a source that says that it is UTF-7, in which code hides in what looks like a comment.

ends: not_implemented
earns: nothing
problem: declares the encoding
works in: itself
"""

from pathlib import Path


def build(folder, right):
    (Path(folder) / "power.py").write_bytes(b"# coding: utf-7\n# a comment +AAo-HIDDEN = True\n")
    return folder


def works(path, folder):
    data = (Path(path) / "power.py").read_bytes()
    found = {}
    exec(compile(data, "power.py", "exec"), found)
    return "HIDDEN" not in "".join(line for line in data.decode().splitlines() if not line.startswith("#")) and found["HIDDEN"]
