"""What a submission may import: NumPy, an allow list of the standard library, and what a course adds. All of it is imported
before a student's code is there, because afterwards no file can be opened.

`numpy.testing` and `unittest` are left out: they take half as long as NumPy itself, and every `grade check` would wait for them. The
assertions of the first have a stand-in. A course that wants the whole of them names them in its ``[sandbox] modules``.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import sys
from typing import TYPE_CHECKING

import numpy

# Inside a worker the folder of this file is on the path; on the trusted side it is a package.
if TYPE_CHECKING or __package__:
    from . import stand_ins
else:
    import stand_ins

PRELOAD = """
numpy numpy.fft numpy.linalg numpy.ma numpy.polynomial numpy.random numpy.rec numpy.typing numpy.lib.stride_tricks numpy.ctypeslib
__future__ abc argparse array ast base64 bisect builtins calendar cmath collections collections.abc concurrent contextlib copy csv
ctypes dataclasses datetime decimal difflib dis enum fractions functools gc glob hashlib heapq inspect io itertools json keyword
linecache locale logging math numbers operator os os.path pathlib pickle platform pprint queue random re shutil statistics string
struct sys tempfile textwrap threading time timeit traceback types typing uuid warnings weakref zlib
encodings.utf_8 encodings.ascii encodings.latin_1 encodings.idna encodings.unicode_escape encodings.raw_unicode_escape
encodings.utf_16 encodings.utf_32
"""
# Forgotten before a submission is loaded, which may have helper modules of any of these names.
OURS = ("codec", "request", "sources", "stand_ins", "child", "seal", "bpf", "zygote", "preload", "plain")


def preload(extra: list[str]) -> list[str]:
    """Import everything that a submission may import, and return what could not be."""
    missing = []
    for name in [*PRELOAD.split(), *extra]:
        try:
            importlib.import_module(name)
        except ImportError:
            missing.append(name)
    restore_old_names()
    _stand_in_for_testing()
    _warm_up()
    return missing


# Names that NumPy had for many years and has no more. Work of those years was right, and is graded as it stands.
OLD_NAMES: dict[str, object] = {"float": float, "int": int, "object": object, "str": str, "complex": complex}
OLD_NAMES_OF = {
    "float_": "float64",
    "complex_": "complex128",
    "product": "prod",
    "cumproduct": "cumprod",
    "alltrue": "all",
    "sometrue": "any",
    "Inf": "inf",
    "Infinity": "inf",
    "infty": "inf",
    "NaN": "nan",
    "row_stack": "vstack",
    "trapz": "trapezoid",
    "in1d": "isin",
}


def restore_old_names() -> None:
    """Give NumPy the names back that older releases had, where this one has nothing of that name."""
    import numpy as np

    have = set(dir(np))
    for name, value in OLD_NAMES.items():
        if name not in have:
            setattr(np, name, value)
    for name, now in OLD_NAMES_OF.items():
        if name not in have and now in have:
            setattr(np, name, getattr(np, now))


def _stand_in_for_testing() -> None:
    if "numpy.testing" not in sys.modules:
        sys.modules["numpy.testing"] = numpy.testing = stand_ins.testing()


def _warm_up() -> None:
    """Run once what imports lazily, because after the seal nothing can be imported."""
    import json
    import traceback

    import numpy as np

    np.linalg.svd(np.eye(3) @ np.ones((3, 3)))
    np.einsum("ij,jk->ik", np.eye(2), np.eye(2), optimize=True)
    np.random.default_rng(0).normal(size=3)
    np.pad(np.eye(2), 1)
    repr(np.eye(2))
    try:
        np.linalg.inv(np.zeros((2, 2)))
    except np.linalg.LinAlgError as error:
        json.dumps(traceback.format_exception(error))


def fingerprint() -> str:
    """Hash the sources of this folder: a worker of an image that was built from other ones would answer by other rules."""
    folder = os.path.dirname(os.path.abspath(__file__))
    total = hashlib.sha256()
    for name in sorted(name for name in os.listdir(folder) if name.endswith(".py")):
        with open(os.path.join(folder, name), "rb") as file:
            content = file.read()
        total.update(f"{name} {len(content)}\n".encode() + content)
    return total.hexdigest()
