"""Hand in a named pipe, at which whoever opens it waits for ever.

ends: not_implemented
earns: nothing
problem: is not an ordinary file
works in: itself
"""

import os
import subprocess
from pathlib import Path


def build(folder, right):
    os.mkfifo(Path(folder) / "power.py")
    return folder


def works(path, folder):
    try:
        subprocess.run(["cat", str(Path(path) / "power.py")], timeout=0.3, check=False)
    except subprocess.TimeoutExpired:
        return True
    return False
