"""Hand in a native module beside the source, which an import prefers.

ends: accepted
earns: all
works in: itself
"""

import importlib.machinery
from pathlib import Path


def build(folder, right):
    (Path(folder) / "power.py").write_text(right)
    (Path(folder) / ("power" + importlib.machinery.EXTENSION_SUFFIXES[0])).write_bytes(b"\x7fELF" + bytes(64))
    return folder


def works(path, folder):
    found = importlib.machinery.PathFinder.find_spec("power", [str(path)])
    return isinstance(found.loader, importlib.machinery.ExtensionFileLoader)
