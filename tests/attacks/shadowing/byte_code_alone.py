"""Hand in byte code without any source, which is imported and can not be read by people.

ends: not_implemented
earns: nothing
works in: naive
"""

import py_compile
from pathlib import Path


def build(folder, right):
    source = Path(folder) / "source.txt"
    source.write_text('print("the attack worked", flush=True)\n' + right)
    py_compile.compile(str(source), cfile=str(Path(folder) / "power.pyc"))
    return folder
