"""Hand in a source of 90 000 nested parentheses, at which a parser runs out of stack or memory.

ends: runtime_error, memory_limit_exceeded
earns: nothing
works in: naive
seen as: shown
raw: 'parenthes'
"""

from pathlib import Path


def build(folder, right):
    (Path(folder) / "power.py").write_text("x = " + "(" * 90_000 + ")" * 90_000 + "\n")
    return folder
