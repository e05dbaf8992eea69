"""Hand in a folder of the exercise's name, which an import prefers to the file.

ends: accepted
earns: all
works in: naive
"""

from pathlib import Path


def build(folder, right):
    (Path(folder) / "power.py").write_text(right)
    (Path(folder) / "power").mkdir()
    (Path(folder) / "power" / "__init__.py").write_text('print("the attack worked", flush=True)\n')
    return folder
