"""Give a file with a fault in it a name that is a script in a browser, so that the fault is reported with it.

ends: accepted
earns: all
problem: UTF-8
works in: itself
seen as: shown raw
raw: '<script>alert(3)'
"""

from pathlib import Path


def build(folder, right):
    (Path(folder) / "power.py").write_text(right)
    (Path(folder) / "<script>alert(3)<x>.py").write_bytes(b"x = '\xff'\n")
    return folder


def works(path, folder):
    return "<script>" in "".join(f"<li>{one.name}</li>" for one in Path(path).iterdir())
