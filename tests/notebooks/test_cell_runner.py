"""What is executed of a notebook: what the graded functions need, and nothing that could cost them their marks."""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest

import grader.cell_runner
from grader.cell_runner import run
from grader.cells import join_cells, split_cells


def run_cells(*cells: str, names=("f",)) -> dict:
    """Run cells as a worker does, and give the namespace."""
    text = join_cells(enumerate(cells, start=1))
    namespace = {"__name__": "hw", "log": []}
    run(namespace, "hw.ipynb", tuple((cell.first_line, cell.source) for cell in split_cells(text)), names)
    return namespace


def last_place(caught) -> tuple[str, int]:
    """File and line of the innermost frame."""
    place = traceback.extract_tb(caught.tb)[-1]
    return place.filename, place.lineno


F = "def f(x):\n    return x + 1"

EXPLORATION = [
    "log.append(1)",
    "print(f(1))",
    "raise KeyError",
    "assert f(1) == 3",
    "for epoch in range(10**12):\n    loss = f(epoch)",
    "while True:\n    pass",
    "losses = [f(step) for step in range(10**12)]",
    "answer = input()",
    "data = open('cifar-10.bin').read()",
    "import sys\nsys.exit()",
    "exit()",
    "quit()",
    "f = f(1)",
    "f.x.y(3)",
    "del f",
    "x = 1 / 0",
    "%matplotlib inline",
    "%%time\nloss = [f(step) for step in range(10**12)]",
    "%%bash\necho 'def f(: it'",
    "%%html\n<b>no Python</b>",
    "%%timeit\ndef f(x):\n    return 0",
    "!pip install numpy",
    "!echo it's",
    "pip install numpy",
    "?f",
    "f??",
    "files = !ls",
    "np.random.seed?",
    "%load_ext autoreload\n%autoreload 2",
    "get_ipython().run_line_magic('matplotlib', 'inline')",
    "import matplotlib.pyplot as plt\nplt.plot([f(1)])",
    "from a_library_that_nobody_has import b",
    "import torch",
    "await something()",
    "return 3",
    "this is prose, not Python",
    "def g(:\n    pass",
    "(" * 5000,
    "f(" * 150 + ")" * 150,
    "\ufffd",
    "class Net(torch.nn.Module):\n    pass",
    "@interact\ndef show(k=3):\n    plt.show()",
    "try:\n    f('a')\nfinally:\n    log.append(2)",
    "with open('a') as file:\n    lines = file.readlines()",
    "if __name__ == '__main__':\n    log.append(3)",
]


@pytest.mark.parametrize("cell", EXPLORATION)
@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_exploration_costs_no_function(cell, before):
    namespace = run_cells(*((cell, F) if before else (F, cell)))

    assert namespace["f"](1) == 2
    assert namespace["log"] == []


@pytest.mark.parametrize(
    "cells",
    [
        ["import math", "def f(x):\n    return x + int(math.exp(0))"],
        ["from math import exp as e, pi", "def f(x):\n    return x + int(e(0))"],
        ["from math import *", "def f(x):\n    return x + int(exp(0))"],
        ["one = 1", "def f(x):\n    return x + one"],
        ["a, (b, one) = 2, (3, 1)", "def f(x):\n    return x + one"],
        ["def f(x):\n    return x + g()", "def g():\n    return h()", "h = lambda: one", "one = 1"],
        [
            "one = 1",
            "class Adder:\n    one = one\n    def add(self, x):\n        return x + self.one",
            "def f(x):\n    return Adder().add(x)",
        ],
        ["table = {}", "table['one'] = 1", "def f(x):\n    return x + table['one']"],
        ["ones = []", "ones.append(1)", "def f(x):\n    return x + ones[0]"],
        ["class One:\n    pass", "One.value = 1", "def f(x):\n    return x + One.value"],
        ["class One:\n    pass", "setattr(One, 'value', 1)", "def f(x):\n    return x + One.value"],
        ["one = 0\none += 1", "def f(x):\n    return x + one"],
        ["one: int = 1", "def f(x):\n    return x + one"],
        ["if True:\n    one = 1\nelse:\n    one = 2", "def f(x):\n    return x + one"],
        ["try:\n    from numba import njit\nexcept ImportError:\n    njit = lambda g: g", "@njit\ndef f(x):\n    return x + 1"],
        ["total = 0\nfor part in (0, 1):\n    total += part", "def f(x):\n    return x + total"],
        ["f = lambda x: x + 1"],
        ["def make(one):\n    return lambda x: x + one", "f = make(1)"],
        ["def f(x, one=1):\n    return x + one"],
        ["def one():\n    return 1", "def f(x):\n    return x + globals()['one']()"],
        ["if __name__ == '__main__':\n    def f(x):\n        return x + 1"],
        ["%%time\ndef f(x):\n    return x + 1"],
        ["%%writefile layers.py\ndef f(x):\n    return x + 1"],
        ["    def f(x):\n        return x + 1"],
        ["from __future__ import annotations", "def f(x: Unknown) -> Unknown:\n    return x + 1"],
        ["import functools", "@functools.lru_cache\ndef f(x):\n    return x + 1"],
        ["@a_decorator_of_a_library_that_is_not_there\ndef f(x):\n    return x + 1"],
        ["%matplotlib inline\n!echo '\n" + F + "\nf?"],
        ["import numpy as np\n%time y = 3\n" + F],
        ["if True:\n    !mkdir data\n" + F],
        ["!pip install a \\\n  b\n" + F],
        ["text = '''\n%matplotlib\n!ls\n'''\none = len(text.split()) - 1\n!ls", "def f(x):\n    return x + one"],
    ],
)
def test_what_a_function_needs_is_there(cells):
    assert run_cells(*cells)["f"](1) == 2


def test_the_last_definition_wins():
    assert run_cells("def f(x):\n    return 0", F, "print(f(1))")["f"](1) == 2


def test_what_no_graded_function_needs_is_not_executed():
    namespace = run_cells("def train():\n    return net", "net = log.append('trained')", F)

    assert namespace["log"] == []
    assert "train" not in namespace


def test_a_local_name_needs_nothing_of_the_notebook():
    namespace = run_cells("loss = log.append('expensive')", "def f(x):\n    loss = x + 1\n    return loss")

    assert (namespace["f"](1), namespace["log"]) == (2, [])


def test_a_text_of_lines_that_look_like_magics_stays_what_it_is():
    assert run_cells("def f(x):\n    return '''\n%matplotlib\n!ls\n'''")["f"](1) == "\n%matplotlib\n!ls\n"


def test_the_line_of_an_exception_is_that_of_the_whole_text():
    namespace = run_cells("a = 1", "%matplotlib inline\n\ndef f(x):\n    raise KeyError")

    with pytest.raises(KeyError) as caught:
        namespace["f"](1)

    # 1: mark, 2: a = 1, 3: mark, 4: magic, 5: blank, 6: def, 7: raise.
    assert last_place(caught) == ("hw.ipynb", 7)


@pytest.mark.parametrize(
    ("cells", "line", "kind"),
    [
        (["weights = open('weights.txt').read()", "def f(x):\n    return weights"], 2, "FileNotFoundError"),
        (["a = 1", "\ndef f(x):\n    retrun x"], 6, "SyntaxError"),
        (["def f(x, scale=SCALE):\n    return x"], 2, "NameError"),
    ],
)
def test_what_is_needed_and_fails_is_named_at_the_end(cells, line, kind):
    with pytest.raises(PermissionError) as caught:
        run_cells(*cells, "def g(x):\n    return 2", names=("f", "g"))

    assert type(caught.value).__name__ == kind
    assert last_place(caught) == ("hw.ipynb", line)


def test_what_failed_and_was_done_again_is_not_named():
    assert run_cells("scale = open('nothing')", "scale = 1", "def f(x):\n    return x + scale")["f"](1) == 2


def test_a_library_that_is_needed_and_not_there_is_left_to_the_worker():
    with pytest.raises(ModuleNotFoundError, match="a_library"):
        run_cells("import a_library", "def f(x):\n    return a_library.g(x)")


def test_it_is_sent_as_a_text_and_so_imports_what_every_worker_has_loaded():
    import ast

    from grader.sandbox.inside.preload import PRELOAD

    tree = ast.parse(Path(grader.cell_runner.__file__).read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    assert imported <= set(PRELOAD.split())
