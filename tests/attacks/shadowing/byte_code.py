"""Hand in byte code that claims to belong to the source beside it, and is of another program.

ends: accepted
earns: all
works in: naive
"""

import importlib.util
import os
import py_compile
from pathlib import Path


def build(folder, right):
    source = Path(folder) / "power.py"
    source.write_text('print("the attack worked", flush=True)\n' + right)
    cached = Path(importlib.util.cache_from_source(str(source)))
    py_compile.compile(str(source), cfile=str(cached), invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
    source.write_text(right)
    os.utime(source)
    return folder
