"""Hand in bytes that are no text in any encoding that was declared.

ends: not_implemented
earns: nothing
problem: UTF-8
works in: itself
"""

from pathlib import Path


def build(folder, right):
    (Path(folder) / "power.py").write_bytes(b"x = '\xff\xfe\x80'\n")
    return folder


def works(path, folder):
    try:
        (Path(path) / "power.py").read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return True
    return False
