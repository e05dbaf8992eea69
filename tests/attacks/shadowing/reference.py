"""Hand in a package called reference, so that the grader would compare with that.

ends: wrong_answer
works in: itself
"""

import importlib.machinery
from pathlib import Path


def build(folder, right):
    wrong = right + "\n\ndef cube_backward(dout, cache):\n    return np.zeros_like(dout)\n"
    (Path(folder) / "power.py").write_text(wrong)
    (Path(folder) / "reference").mkdir()
    (Path(folder) / "reference" / "__init__.py").write_text("")
    (Path(folder) / "reference" / "power_.py").write_text(wrong)
    return folder


def works(path, folder):
    return importlib.machinery.PathFinder.find_spec("reference", [str(path)]) is not None
