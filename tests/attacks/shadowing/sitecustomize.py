"""Hand in sitecustomize.py, which Python runs by itself when it starts with the folder on its path.

ends: accepted
earns: all
works in: naive
"""

from pathlib import Path


def build(folder, right):
    (Path(folder) / "power.py").write_text(right)
    (Path(folder) / "sitecustomize.py").write_text('print("the attack worked", flush=True)\n')
    return folder
