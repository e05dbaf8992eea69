"""A notebook, graded end to end: points, the named mistake, and where in the notebook an exception was raised."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from grader.cli import cli
from grader.cli import run as run_command
from grader.grading import grade_submission
from grader.locate import locate
from grader.model import Verdict, View
from grader.scorecard import scorecard_document, validate_document
from grader.submission import load_submission
from tests.notebooks.made import POWERS, make_notebook
from tests.on_disk import make_folder


@pytest.fixture
def grade(tiny_grader, sandbox):
    """Grades what lies at a path."""
    return lambda path: grade_submission(load_submission(path), sandbox, grader=tiny_grader)


STUDENT_WORK = (
    "%load_ext autoreload\n%autoreload 2\n%matplotlib inline\n!pip install tqdm",
    "import numpy as np\nimport matplotlib.pyplot as plt\nimport torch\nfrom tqdm import tqdm\nplt.rcParams['figure.figsize'] = (10, 8)",
    "X = np.load('data/train.npy')\nplt.imshow(X[0])\nassert X.shape == (50000, 32, 32, 3)",
    POWERS,
    "out, cache = cube_forward(X)\nplt.plot(out)\nlosses = [cube_forward(X) for step in tqdm(range(10**12))]",
    "while input('again? ') == 'y':\n    pass",
)


def test_a_real_notebook_earns_full_marks(grade, tmp_path):
    card = grade(make_notebook(tmp_path / "hw.ipynb", *STUDENT_WORK))

    assert (card.verdict, card.points) == (Verdict.ACCEPTED, card.max_points)
    assert card.exercises[0].path == "hw.ipynb"
    assert card.exercises[0].message == ""


def test_a_mistake_in_a_notebook_is_named(grade, tmp_path):
    card = grade(make_notebook(tmp_path / "hw.ipynb", *STUDENT_WORK, POWERS.replace("scale * x**3", "x**3")))

    assert 0 < card.points < card.max_points
    assert [one.mistake for one in card.exercises[0].functions[0].diagnoses] == ["scale_forgotten"]


@pytest.mark.parametrize("view", View)
def test_an_exception_is_placed_in_its_cell(grade, tmp_path, view):
    cells = ("# notes", POWERS, "\ndef cube_backward(dout, cache):\n    return cache['x']")
    document = scorecard_document(grade(make_notebook(tmp_path / "hw.ipynb", *cells)), view)

    validate_document(document)
    found = [check["finding"] for check in document["exercises"][0]["functions"][1]["checks"] if check["finding"]]
    assert found[0]["message"] == "cube_backward raised TypeError at hw.ipynb, cell 3, line 3."
    assert (found[0]["raised"]["path"], found[0]["raised"]["line"]) == ("hw.ipynb, cell 3", 3)


def test_a_cell_that_python_cannot_read_is_named_and_costs_its_own_functions_alone(grade, tmp_path):
    broken = "def cube_backward(dout, cache):\n    retrun dout"
    card = grade(make_notebook(tmp_path / "hw.ipynb", POWERS.partition("def cube_backward")[0], broken))

    assert card.exercises[0].message == (
        "hw.ipynb, cell 2, line 2 raises SyntaxError while the file is loaded. "
        "That statement was left out, and all else was graded."
    )
    assert [function.verdict for function in card.exercises[0].functions] == [Verdict.ACCEPTED, Verdict.NOT_IMPLEMENTED]


def test_a_cell_that_defines_nothing_is_not_worth_a_word(grade, tmp_path):
    card = grade(make_notebook(tmp_path / "hw.ipynb", "this is not Python", POWERS, "print 'python 2'"))

    assert (card.points, card.exercises[0].message) == (card.max_points, "")


def test_what_a_function_needs_and_cannot_have_is_named(grade, tmp_path):
    card = grade(make_notebook(tmp_path / "hw.ipynb", "W = open('weights').read()", POWERS.replace("3 *", "W *")))

    assert card.exercises[0].message == (
        "hw.ipynb, cell 1, line 1 asks for a file, a process or the network, which graded code cannot have. "
        "That statement was left out, and all else was graded."
    )
    assert card.exercises[0].functions[0].verdict is Verdict.ACCEPTED
    assert card.exercises[0].functions[1].verdict is Verdict.RUNTIME_ERROR


def test_a_cell_that_breaks_the_parser_costs_no_other_cell(grade, tmp_path):
    card = grade(make_notebook(tmp_path / "hw.ipynb", "x = " + "-" * 100_000 + "1", "(" * 90_000, POWERS))

    assert card.points == card.max_points


def test_a_module_beside_the_notebook_can_be_imported(grade, tmp_path):
    make_folder(tmp_path, {"powers_core.py": b"def power(x, n):\n    return x**n\n"})
    make_notebook(tmp_path / "hw.ipynb", "from powers_core import power", POWERS.replace("x**3", "power(x, 3)"))

    card = grade(tmp_path)

    assert card.points == card.max_points


def test_a_notebook_cannot_reach_what_a_file_cannot(grade, tmp_path):
    card = grade(
        make_notebook(tmp_path / "hw.ipynb", "import os", POWERS.replace("    x, scale = cache", "    os.fork()\n    x, scale = cache"))
    )

    assert card.exercises[0].functions[1].verdict is Verdict.SECURITY_VIOLATION


# ------------------------------------------------------------------------------------------------------------- which exercise


@pytest.fixture
def exercise(tiny_course):
    return tiny_course.exercise("power")


def test_a_notebook_that_only_calls_the_functions_does_not_define_them(exercise, submit):
    notebook = "# %% cell 1\ncube_forward(3)\ncube_forward == 3\n"

    assert locate(exercise, submit({"work.py": POWERS, "hw.ipynb": notebook}))[0] == "work.py"
    assert locate(exercise, submit({"hw.ipynb": notebook})) == (
        None,
        "There is no power.py in the submission, and hw.ipynb defines none of its functions.",
    )


def test_a_file_of_the_layout_stands_before_a_notebook_and_its_stub_does_not(exercise, submit):
    notebook = join(POWERS)

    assert locate(exercise, submit({"hw1/powers.py": POWERS, "hw.ipynb": notebook}))[0] == "hw1/powers.py"
    assert locate(exercise, submit({"power.py": exercise.stub, "hw.ipynb": notebook}))[0] == "hw.ipynb"
    assert locate(exercise, submit({"power.py": exercise.stub, "notes.ipynb": "# %% cell 1\n1\n"}))[0] == "power.py"


def test_of_several_notebooks_the_one_with_the_most_functions_is_graded(exercise, submit):
    one = join("def cube_forward(x):\n    return x")

    assert locate(exercise, submit({"a.ipynb": one, "b.ipynb": join(POWERS)}))[0] == "b.ipynb"


def test_two_notebooks_with_the_same_functions_are_a_question_to_the_student(exercise, submit):
    assert locate(exercise, submit({"a.ipynb": join(POWERS), "b.ipynb": join(POWERS)})) == (
        None,
        "a.ipynb and b.ipynb both define functions of power, and only one can count: keep one of them.",
    )


def join(cell: str) -> str:
    return f"# %% cell 1\n{cell}\n"


# ---------------------------------------------------------------------------------------------------------------- the command


def test_the_command_grades_a_notebook(tiny_course, tmp_path):
    path = make_notebook(tmp_path / "hw.ipynb", *STUDENT_WORK)

    result = CliRunner().invoke(cli, ["check", str(path), "--course", str(tiny_course.root), "--format", "json", "--sandbox", "plain"])

    document = json.loads(result.stdout)
    assert document["points"] == document["max_points"] > 0
    assert [file["path"] for file in document["submission"]["files"]] == ["hw.ipynb"]


def test_the_command_leaves_with_4_where_there_is_no_notebook_in_the_file(tiny_course, tmp_path, capsys):
    (tmp_path / "hw.ipynb").write_text("{}")

    assert run_command(["check", str(tmp_path / "hw.ipynb"), "--course", str(tiny_course.root), "--sandbox", "plain"]) == 4
    assert "is not a readable notebook" in capsys.readouterr().err
