"""What stands in a file beside its functions costs no marks: right functions keep theirs, whatever fails where there is no file, no library
and no terminal.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.grading import grade_submission
from grader.model import Verdict
from grader.submission import load_submission

DROPOUT = (Path(__file__).parent / "submissions" / "accepted" / "do_rand" / "dropout.py").read_text(encoding="utf-8")
RNN = (Path(__file__).parent / "submissions" / "accepted" / "rnn_plain" / "rnn.py").read_text(encoding="utf-8")

# What students put at the top of a file, between functions and at its end, and what does not work where it is graded.
BESIDE = {
    "a backend": "import matplotlib\nmatplotlib.use('Agg')",
    "a style": "import matplotlib.pyplot as plt\nplt.style.use('ggplot')\nfig, ax = plt.subplots()\nax.hist([1, 2])\nplt.show()",
    "seaborn": "import seaborn as sns\nsns.set()",
    "another framework": "import torch\ntorch.manual_seed(0)\nx = torch.zeros(3) + 1",
    "a class of another framework": "from torch import nn\nclass Net(nn.Module):\n    pass",
    "its decorator": "import numba\n@numba.njit\ndef helper(x):\n    return x",
    "tables": "import pandas as pd\npd.set_option('display.width', 99)\ndata = pd.read_csv('x.csv')\nX = data.values[:, 1:]",
    "tests": "import unittest\nclass Test(unittest.TestCase):\n    def test(self):\n        pass\nunittest.main()",
    "marked tests": "import pytest\n@pytest.mark.parametrize('n', [1, 2])\ndef test(n):\n    assert n",
    "doctests": "import doctest\ndoctest.testmod()",
    "NumPy's assertions": "np.testing.assert_allclose(1.0, 1.0)\nfrom numpy.testing import assert_equal\nassert_equal([1], [1])",
    "a progress bar": "from tqdm import tqdm\nfor i in tqdm(range(3)):\n    pass",
    "its own folder": "import os\nHERE = os.path.dirname(os.path.abspath(__file__))\nos.listdir(HERE)",
    "a new folder": "import os\nos.makedirs('figures', exist_ok=True)",
    "a file": "with open('log.txt', 'w') as file:\n    file.write('hello')",
    "data": "data = np.loadtxt('data.csv')\nmean = data.mean()",
    "a log": "import logging\nlogging.basicConfig(filename='log.txt')",
    "the terminal": "import sys\nsys.stdout.reconfigure(encoding='utf-8')",
    "a question": "name = input('name? ')",
    "a thread": "import threading\nthreading.Thread(target=print).start()",
    "its own source": "import inspect\ninspect.getsource(np.mean)",
    "a temporary folder": "import tempfile\ntempfile.mkdtemp()",
    "a language": "import locale\nlocale.setlocale(locale.LC_ALL, 'xx_XX')",
    "an exported notebook": "get_ipython().run_line_magic('matplotlib', 'inline')",
    "a test that fails": "assert 1 == 2",
    "an experiment that fails": "W = np.ones((2, 3)) @ np.ones((2, 3))",
}


@pytest.fixture
def graded(default_grader, sandbox, tmp_path):
    """The score of one exercise of a submission, by the texts of its files."""

    def grade(exercise, **files):
        for path, text in files.items():
            (tmp_path / path.replace("__", ".")).write_text(text, encoding="utf-8")
        card = grade_submission(load_submission(tmp_path), sandbox, grader=default_grader, exercises=[exercise])
        return next(one for one in card.exercises if one.name == exercise)

    return grade


@pytest.mark.parametrize("beside", BESIDE)
@pytest.mark.parametrize("where", ["above", "below"])
def test_right_functions_keep_their_points_beside(graded, beside, where):
    parts = ["import numpy as np", BESIDE[beside], DROPOUT] if where == "above" else [DROPOUT, "import numpy as np", BESIDE[beside]]

    outcome = graded("dropout", dropout__py="\n".join(parts))

    assert outcome.points == outcome.max_points > 0


@pytest.mark.parametrize("beside", BESIDE)
def test_right_functions_of_a_helper_keep_their_points_beside(graded, beside):
    helper = f"import numpy as np\n{BESIDE[beside]}\n{DROPOUT}"

    outcome = graded("dropout", dropout__py="from helper import *", helper__py=helper)

    assert outcome.points == outcome.max_points > 0


def test_the_statement_that_was_left_out_is_named_with_its_line_and_the_reason(graded):
    outcome = graded("dropout", dropout__py=f"import torch\ntorch.manual_seed(0)\n{DROPOUT}")

    assert outcome.message == (
        "dropout.py, line 2 (torch.manual_seed(0)) uses a library that is not there when work is graded; NumPy and the standard library "
        "are. That statement was left out, and all else was graded."
    )


def test_a_loop_that_nobody_needs_does_not_keep_a_file_from_loading_that_is_loaded_in_part(graded):
    text = f"import torch\ntorch.manual_seed(0)\n{DROPOUT}\nwhile True:\n    pass"

    outcome = graded("dropout", dropout__py=text)

    assert outcome.points == outcome.max_points


def test_what_stands_under_main_is_not_executed_in_a_file_that_is_loaded_in_part(graded):
    text = f"import torch\ntorch.manual_seed(0)\n{DROPOUT}\nif __name__ == '__main__':\n    dropout_forward = None"

    outcome = graded("dropout", dropout__py=text)

    assert outcome.points == outcome.max_points


def test_a_function_that_needs_what_failed_is_the_only_one_that_loses(graded):
    text = "import torch\nSCALE = torch.ones(1)\n" + DROPOUT + "\ndef dropout_backward(dout, cache):\n    return dout * SCALE\n"

    outcome = graded("dropout", dropout__py=text)

    verdicts = {function.name: function.verdict for function in outcome.functions}
    assert verdicts["dropout_backward"] is Verdict.RUNTIME_ERROR
    assert verdicts["dropout_forward"] is Verdict.ACCEPTED
    assert outcome.message.startswith("dropout.py, line 2 (SCALE = torch.ones(1)) uses a library that is not there")


@pytest.mark.parametrize("text", ["def f(:", "from helper import nothing", "import sys; sys.exit(0)"])
def test_a_file_with_a_fault_of_its_own_is_not_loaded_in_part(graded, text):
    outcome = graded("dropout", dropout__py=f"{DROPOUT}\n{text}\n", helper__py="")

    assert outcome.points == 0
    assert all("cannot be loaded" in check.finding.message for one in outcome.functions for check in one.checks if check.finding)


# --------------------------------------------------------------------------------------------------------------------- results

KINDS = {
    "a named tuple": "from typing import NamedTuple\nclass Pair(NamedTuple):\n    out: object\n    cache: object\nmake = Pair",
    "another named tuple": "from collections import namedtuple\nmake = namedtuple('Pair', 'out cache')",
    "a tuple of one's own": "class Pair(tuple):\n    pass\nmake = lambda a, b: Pair((a, b))",
    "a list of one's own": "class Pair(list):\n    def __iter__(self):\n        return iter(())\nmake = lambda a, b: Pair((a, b))",
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_pair_of_any_class_is_a_pair(graded, kind):
    wrap = "\n_inner = dropout_forward\ndef dropout_forward(x, dropout_param):\n    return make(*_inner(x, dropout_param))\n"

    outcome = graded("dropout", dropout__py=f"{KINDS[kind]}\n{DROPOUT}{wrap}")

    assert outcome.points == outcome.max_points


@pytest.mark.parametrize(
    "kind", ["fractions.Fraction(r)", "decimal.Decimal(r)", "numpy.longdouble(r)", "Real(r)", "numpy.array(r)"]
)
def test_a_number_of_any_class_is_a_number(graded, kind):
    text = (
        "import decimal, fractions, numpy\nclass Real(float):\n    pass\n"
        f"def inverse_time_decay(lr, epoch, k):\n    r = float(lr / (1 + k * epoch))\n    return {kind}\n"
    )

    outcome = graded("optim", optim__py=text)

    rate = next(function for function in outcome.functions if function.name == "inverse_time_decay")
    assert rate.points == rate.max_points


@pytest.mark.parametrize(
    "kind",
    ["collections.OrderedDict(one)", "collections.defaultdict(int, one)", "Table(one)", "{numpy.str_(k): v for k, v in one.items()}"],
)
def test_a_dict_of_any_class_is_a_dict(graded, kind):
    text = (
        (Path(__file__).parent.parent / "reference" / "initialization.py").read_text(encoding="utf-8")
        + "\nimport collections, numpy\nclass Table(dict):\n    def items(self):\n        return []\n_statistics = activation_statistics\n"
        + f"def activation_statistics(x, weights, activation):\n    return [{kind} for one in _statistics(x, weights, activation)]\n"
    )

    outcome = graded("initialization", initialization__py=text)

    assert outcome.points == outcome.max_points


# -------------------------------------------------------------------------------------------------------------------- warnings

LOUD = """
import warnings
import numpy as np

{above}

def elu_forward(x, alpha=1.0):
    out = np.where(x > 0, x, alpha * (np.exp(x) - 1)).astype(x.dtype)
    return out, (x, out, alpha)

def elu_backward(dout, cache):
    x, out, alpha = cache
    return np.where(x > 0, dout, dout * (out + alpha)).astype(dout.dtype)
"""


@pytest.mark.parametrize(
    ("above", "is_quiet"),
    [
        ("", False),
        ("np.seterr(all='ignore')", True),
        ("np.seterr(over='ignore')", True),
        ("np.seterr(divide='ignore')", False),
        ("warnings.filterwarnings('ignore')", True),
        ("warnings.simplefilter('ignore', RuntimeWarning)", True),
        ("warnings.filterwarnings('ignore', message='overflow')", True),
        ("warnings.filterwarnings('ignore', category=DeprecationWarning)", False),
        ("warnings.simplefilter('error')", False),
        ("np.seterr(all='raise')", False),
    ],
)
def test_a_warning_that_its_author_has_turned_off_is_none(graded, above, is_quiet):
    outcome = graded("activations", activations__py=LOUD.format(above=above))

    forward = next(function for function in outcome.functions if function.name == "elu_forward")
    warned = [check for check in forward.checks if check.finding and "NumPy warns" in check.finding.message]
    assert bool(warned) is not is_quiet
    assert (forward.points == forward.max_points) is is_quiet
