"""Experiments: what a course may say of them, and what comes of one with right, unfinished and hostile functions."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from grader.catalog import load_course
from grader.cells import join_cells
from grader.errors import CourseError
from grader.experiments import load_experiments, run_experiment
from grader.experiments.answers import Asked, read_drawn
from grader.experiments.gaps import find_gaps, tell_panel
from grader.experiments.run import run_reference
from grader.model import Ending, Limits, Run
from grader.sandbox.inside import codec

TINY = Path(__file__).parent / "courses" / "tiny"
RIGHT = (TINY / "reference" / "power.py").read_text()
STUB = (TINY / "exercises" / "power.py").read_text()
FORWARD_ALONE = RIGHT[: RIGHT.index("def cube_backward")]
SHORT = Limits(call_s=1.0, exercise_s=2.0, cpu_s=5)


@pytest.fixture
def cubes(tiny_course):
    return load_experiments(tiny_course)[0]


@pytest.fixture
def draw(tiny_course, cubes, sandbox, submit):
    """Runs the experiment of the tiny course with the texts of a submission."""

    def run(files=None, *, limits=SHORT, **named):
        return run_experiment(tiny_course, cubes, submit(files, **named), sandbox, limits)

    return run


@pytest.fixture
def course_with(tmp_path):
    """The tiny course with a change to a file of its experiment."""

    def change(name, before, after):
        folder = shutil.copytree(TINY, tmp_path / "course", ignore=shutil.ignore_patterns("__pycache__"))
        path = folder / "experiments" / name
        assert before in path.read_text()
        path.write_text(path.read_text().replace(before, after))
        return load_course(folder)

    return change


def sentences(result):
    return [result.yours[part.name] for part in result.experiment.parts]


# ---------------------------------------------------------------------------------------------------------------------- reading


def test_a_course_without_the_folder_has_no_experiments(tmp_path):
    folder = shutil.copytree(TINY, tmp_path / "course", ignore=shutil.ignore_patterns("__pycache__", "experiments"))

    assert load_experiments(load_course(folder)) == ()


def test_marks_do_not_depend_on_the_experiments(tiny_course, course_with):
    assert course_with("cubes.py", "np.linspace(-1, 1, 5)", "np.linspace(-2, 2, 5)").digest == tiny_course.digest


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("question", "qestion", "unknown key 'qestion'"),
        ('rows = "draw"', 'row = "draw"', "unknown key 'row'"),
        ('kind = "bars"', 'kind = "pie"', "unknown kind 'pie'"),
        ('needs = ["cube_forward"]', 'needs = ["cube_root"]', "no exercise has a function 'cube_root'"),
        ('part = "spread"', 'part = "sprad"', "'sprad', which is not a part"),
        ('name = "slope"', 'name = "curve"', "parts of different names"),
        ('title = "Cubes"', 'title = "Cubes"\ndata = "../course.toml"', "no such file beside it"),
        ('kind = "lines"\n', "", "without 'kind'"),
    ],
)
def test_a_slip_in_a_spec_is_named(course_with, before, after, words):
    with pytest.raises(CourseError, match=words):
        load_experiments(course_with("cubes.toml", before, after))


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ('"out": np.asarray(out)', '"result": np.asarray(out)', "no 'out', which a panel draws"),
        ('"out": np.asarray(out)', '"out": np.asarray(out) + 1j', "complex128, which is not a real number"),
        ('"out": np.asarray(out)', '"out": np.zeros(30000)', "more than 20000 numbers"),
        ("out, _cache = functions", "out = functions", "ValueError"),
    ],
)
def test_an_experiment_that_does_not_run_with_the_reference_is_the_courses_fault(course_with, before, after, words):
    course = course_with("cubes.py", before, after)
    experiment = load_experiments(course)[0]

    with pytest.raises(CourseError, match=words):
        run_reference(course, experiment, experiment.parts[0])


# ---------------------------------------------------------------------------------------------------------- with right functions


@pytest.mark.parametrize(
    "files",
    [
        {"power.py": RIGHT},
        {"mine/hw1/powers.py": RIGHT},
        {"power.py": RIGHT.replace("cube_forward", "third_power")},
        {"work.ipynb": join_cells([(3, "import numpy as np\n%matplotlib inline"), (5, RIGHT)])},
        {"power.py": "import matplotlib.pyplot as plt\nfrom .shared import *\n", "shared.py": RIGHT},
        {"power.py": "from layerwise_experiment import *\n", "layerwise_experiment.py": RIGHT},
    ],
    ids=["a file", "a sub-folder", "an alias", "a notebook", "a sibling and a plot", "a file of the runner's name"],
)
def test_right_functions_draw_what_the_reference_draws(draw, files):
    if "shared" in "".join(files):
        files["power.py"] += "def cube_forward(x, scale=1.0):\n    return scale * x**3, (x, scale)\n"

    result = draw(files)

    assert result.missing == {}
    for part, arrays in result.reference.items():
        for key, array in arrays.items():
            np.testing.assert_allclose(result.yours[part][key], array, rtol=1e-12)


def test_the_reference_draws_cubes(draw):
    # Worked by hand: the cubes of -1, -1/2, 0, 1/2, 1 and twice three times their squares.
    result = draw(power=RIGHT)

    assert result.reference["curve"]["out"].tolist() == [-1, -0.125, 0, 0.125, 1]
    assert result.reference["slope"]["dx"].tolist() == [6, 1.5, 0, 1.5, 6]


# ------------------------------------------------------------------------------------------------------- with unfinished functions


def test_a_stub_is_said_to_be_unwritten(draw):
    assert sentences(draw(power=STUB)) == ["Not drawn: cube_forward is not written yet."] * 3


def test_a_missing_function_costs_the_parts_that_need_it_alone(draw):
    result = draw(power=FORWARD_ALONE)

    assert result.missing == {"Not drawn: cube_backward is not defined.": (result.experiment.parts[1],)}


def test_a_body_that_returns_nothing_is_unwritten(draw):
    result = draw(power=FORWARD_ALONE + "\ndef cube_backward(dout, cache):\n    pass\n")

    assert result.yours["slope"] == "Not drawn: cube_backward is not written yet."


def test_a_submission_without_the_file_is_told_which_one_is_missing(draw):
    assert sentences(draw(other="x = 1\n"))[0] == "Not drawn: There is no power.py in the submission, where cube_forward should be."


def test_an_exception_is_told_with_the_function_and_the_line(draw):
    result = draw(power=FORWARD_ALONE + "def cube_backward(dout, cache):\n    raise ValueError('x')\n")

    line = FORWARD_ALONE.count("\n") + 2
    assert result.yours["slope"] == f"Not drawn: cube_backward raised ValueError at power.py, line {line}."


def test_a_result_that_the_experiment_cannot_use_is_told_of_its_function(draw):
    result = draw(power="def cube_forward(x, scale=1.0):\n    return x\n")

    reason = "the experiment cannot go on with what cube_forward returned (ValueError); run grade check on it"
    assert result.yours["curve"] == f"Not drawn: {reason}."


def test_a_file_that_cannot_be_loaded_is_told_with_its_line(draw):
    assert sentences(draw(power="x = 1\ndef cube_forward(:\n"))[0] == "Not drawn: power.py cannot be loaded: line 2: SyntaxError."


def test_an_endless_loop_costs_one_wait_and_only_what_needs_it(draw):
    result = draw(power=FORWARD_ALONE + "\ndef cube_backward(dout, cache):\n    while True: pass\n")

    assert result.yours["slope"] == "Not drawn: cube_backward did not return within 1 s: look for a loop that never ends."
    assert not isinstance(result.yours["spread"], str)


def test_a_function_that_never_returned_is_not_waited_for_again(draw):
    result = draw(power=RIGHT.replace("    out = scale", "    while True: pass\n    out = scale"))

    assert sentences(result)[1:] == ["Not drawn: cube_forward did not return in an earlier part."] * 2


# ------------------------------------------------------------------------------------------------------------ with hostile functions


def returning(expression: str) -> str:
    return f"import numpy as np\n\nclass Odd:\n    pass\n\ndef cube_forward(x, scale=1.0):\n    return {expression}, None\n"


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("x[:3]", "'out' came out with shape (3,), not (5,)"),
        ("np.zeros(10**7)", "'out' came out far too large"),
        ("np.array([Odd()] * 5)", "'out' did not come out as an array of real numbers"),
        ("x + 1j", "'out' did not come out as an array of real numbers"),
        ("np.broadcast_to(np.zeros(1), (10**12,))", "'out' came out far too large"),
        ("'text'", "'out' did not come out as an array of real numbers"),
    ],
)
def test_a_result_of_another_form_is_refused_with_a_reason(draw, expression, words):
    assert f"Not drawn: {words}" in draw(power=returning(expression)).yours["curve"]


def test_a_result_of_nan_and_infinity_is_drawn_and_counted(draw):
    result = draw(power=returning("np.array([np.nan, -0.125, 0, 0.125, np.inf])"))

    gap = find_gaps(result, result.experiment.panels[0])[0]
    assert (gap.lost, gap.size, gap.share) == (2, 5, 0.0)
    assert "2 of 5 numbers of “cube” are NaN or infinite" in tell_panel(result, result.experiment.panels[0])


@pytest.mark.parametrize(
    "code", ["import os; os._exit(3)", "import os; os.write(4, b'x' * 100)", "print('x' * 10**8)", "import os; os.fork()"]
)
def test_nothing_that_a_function_does_ends_the_grader(draw, code):
    result = draw(power=f"def cube_forward(x, scale=1.0):\n    {code}\n    return 1\n")

    assert all(isinstance(sentence, str) and sentence.startswith("Not drawn: ") for sentence in sentences(result))


LOADED = ("loaded", None)
RAISED = ("raised", "ValueError", "", "power.py", 1, "cube_forward", 0)


def returned(value):
    return ("returned", (value,), (), (), False)


@pytest.mark.parametrize(
    "replies",
    [
        (LOADED, returned(("drawn", {}))),
        (LOADED, returned(("drawn", [1.0]))),
        (LOADED, returned(("drawn", {"x": np.zeros(5), "y" * 1000: np.zeros(5)}))),
        (LOADED, returned(("drawn", {"x": np.zeros(5), "out": np.zeros((1,) * 32)}))),
        (LOADED, returned(("missing", 99))),
        (LOADED, returned(("unwritten", -1))),
        (LOADED, returned(("unwritten", "x" * 1000))),
        (LOADED, returned(("y" * 1000, 0))),
        (LOADED, returned(None)),
        (LOADED, ("y" * 1000,)),
        (LOADED, ("raised",)),
        (LOADED, ("raised", *("y" * 1000,) * 6)),
        (LOADED, RAISED, returned(("y" * 1000, True))),
        (LOADED, RAISED, returned((99, True))),
        (LOADED, RAISED, None),
        (("raised", "Y" * 1000, "", "nowhere.py", 10**9, "", 0),),
        ({"loaded": 1},),
        (7,),
    ],
)
def test_a_forged_reply_is_never_repeated(tiny_course, cubes, submit, replies):
    part = cubes.parts[0]
    asked = Asked(part=part, submission=submit(power=RIGHT), limits=SHORT, suspects=part.needs)
    run = Run(replies=tuple(codec.encode(reply) for reply in replies), ending=Ending.FINISHED)

    sentence = read_drawn(run, asked, run_reference(tiny_course, cubes, part))

    assert sentence.startswith("Not drawn: ")
    assert len(sentence) < 200
    assert "yyy" not in sentence.lower()


def test_bytes_that_are_no_reply_are_a_sentence(tiny_course, cubes, submit):
    part = cubes.parts[0]
    asked = Asked(part=part, submission=submit(power=RIGHT), limits=SHORT, suspects=part.needs)

    sentence = read_drawn(Run(replies=(b"", b"?"), ending=Ending.FINISHED), asked, run_reference(tiny_course, cubes, part))

    assert sentence == "Not drawn: the result could not be read: your code wrote to a file descriptor that the grader uses."


# -------------------------------------------------------------------------------------------------------------------------- gaps


def test_a_square_in_place_of_a_cube_is_told_where_it_is_furthest(draw):
    # At -1 the square is 1 where the cube is -1; the panel spans from -1 to 6, the largest slope.
    result = draw(power=RIGHT.replace("x**3", "x**2"))

    told = tell_panel(result, result.experiment.panels[0])

    assert told == "“cube” is up to 29 % of the scale away, at x -1: 1, not -1"


def test_right_functions_are_told_to_be_the_same(draw):
    result = draw(power=RIGHT)

    assert {tell_panel(result, panel) for panel in result.experiment.panels} == {"the same as the reference"}


def test_what_is_not_drawn_is_counted(draw):
    result = draw(power=FORWARD_ALONE)

    told = [tell_panel(result, panel) for panel in result.experiment.panels]

    assert told == ["the same as the reference; 1 of 2 not drawn", "not drawn", "the same as the reference"]
