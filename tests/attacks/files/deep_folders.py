"""Hand in folders within folders, deeper than whoever walks through them recursively can go.

ends: accepted
earns: all
problem: folders deep
works in: itself
"""

import os
from pathlib import Path


def build(folder, right):
    (Path(folder) / "power.py").write_text(right)
    here = os.open(folder, os.O_RDONLY)
    for _ in range(300):
        os.mkdir("deeper", dir_fd=here)
        there = os.open("deeper", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = there
    os.close(here)
    return folder


def works(path, folder):
    return sum(1 for _ in os.walk(path)) > 300
