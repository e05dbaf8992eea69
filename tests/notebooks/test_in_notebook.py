"""``layerwise.check`` in a running notebook: what it collects, what it grades, and what it shows."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import numpy as np
import pytest

import layerwise
from grader.errors import SubmissionError
from grader.notebook import check, collect
from tests.notebooks.made import POWERS


def fake_shell(*cells: str) -> SimpleNamespace:
    """As much of IPython as is asked: the raw sources of the cells that have been run, from number 1."""
    return SimpleNamespace(history_manager=SimpleNamespace(input_hist_raw=["", *cells]))


@pytest.fixture
def notebook(monkeypatch, tmp_path, tiny_course):
    """Runs checks as if these cells had been run."""
    monkeypatch.chdir(tmp_path)

    def run(*cells: str, targets=(), **options):
        shell = fake_shell(*cells)
        monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
        return check(*targets, course=tiny_course.root, **options)

    return run


def test_the_cells_that_were_run_are_graded(notebook):
    checked = notebook("%matplotlib inline\nimport numpy as np", POWERS, "1 / 0")

    assert checked.points == checked.max_points > 0
    assert checked.card.exercises[0].path == "notebook.ipynb"


def test_a_cell_that_was_run_again_counts_as_it_was_last(notebook):
    wrong = POWERS.replace("x**3", "x**2")

    assert notebook(POWERS, wrong, POWERS).points > notebook(POWERS, wrong).points


def test_cells_bear_the_numbers_that_the_notebook_shows(notebook):
    checked = notebook("1", "", POWERS.replace("return 3", "return nothing"), targets=["cube_backward"])

    assert "raised NameError at notebook.ipynb, cell 3, line 8." in repr(checked)


def test_a_function_is_graded_alone_by_itself_or_by_its_name(notebook):
    def cube_forward(x):
        return x

    by_name = notebook(POWERS, targets=["cube_forward"])
    by_itself = notebook(POWERS, targets=[cube_forward])

    assert [function.name for function in by_name.card.exercises[0].functions] == ["cube_forward"]
    assert by_itself.points == by_name.points == by_name.max_points


def test_another_name_of_a_function_counts_as_well(notebook):
    assert notebook(POWERS.replace("cube_forward", "third_power"), targets=["third_power"]).points > 0


def test_an_exercise_is_graded_by_its_name(notebook):
    assert [exercise.name for exercise in notebook(POWERS, targets=["power"]).card.exercises] == ["power"]


def test_a_slip_in_a_name_is_answered_by_the_nearest(notebook):
    with pytest.raises(SubmissionError, match="no exercise and no function 'cube_forwards'") as caught:
        notebook(POWERS, targets=["cube_forwards"])

    # IPython shows this in place of a traceback.
    assert caught.value._render_traceback_()[1] == "Did you mean cube_forward?"


@pytest.mark.parametrize(("cells", "sentence"), [((), "no cell has been run"), (("x = 1",), "defines a function of the course")])
def test_nothing_to_grade_is_said(notebook, cells, sentence):
    with pytest.raises(SubmissionError, match=sentence) as caught:
        notebook(*cells)

    assert caught.value.remedy


def test_what_the_notebook_tells_numpy_does_not_change_a_mark(notebook):
    before = notebook(POWERS).points

    with np.errstate(all="raise"):
        assert notebook(POWERS).points == before


def test_the_scorecard_shows_itself_as_html_and_as_text(notebook):
    checked = notebook(POWERS.replace("scale * x**3", "x**3"))

    assert "This is what you get when scale is left out." in checked._repr_html_()
    assert "This is what you get when scale is left out." in repr(checked)
    assert "<" not in repr(checked)


def test_where_no_process_can_be_sealed_ones_own_code_runs_without_and_that_is_said(notebook, monkeypatch):
    import grader.sandbox.open
    from grader.errors import SandboxError

    def refuse(*_arguments):
        raise SandboxError("no kernel for that here")

    monkeypatch.setitem(grader.sandbox.open.SANDBOXES, "process", refuse)

    assert "This ran without a sandbox" in notebook(POWERS)._repr_html_()
    with pytest.raises(SandboxError):
        notebook(POWERS, sandbox="process")


def test_a_module_beside_the_notebook_is_part_of_the_submission(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "beside_powers.py").write_text(POWERS)
    module = __import__("beside_powers")
    monkeypatch.setitem(sys.modules, "beside_powers", module)

    submission = collect([], fake_shell("from beside_powers import cube_forward"))

    assert [file.path for file in submission.files] == ["beside_powers.py", "notebook.ipynb"]


def test_outside_of_ipython_a_function_brings_its_file(monkeypatch, tmp_path, tiny_course):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "my_powers.py").write_text(POWERS)
    monkeypatch.syspath_prepend(tmp_path / "far")
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: None))
    function = __import__("my_powers").cube_forward
    monkeypatch.chdir(tmp_path / "far")

    checked = check(function, course=tiny_course.root)

    assert checked.points == checked.max_points > 0


# ----------------------------------------------------------------------------------------------------------- in IPython itself


SESSION = """
import sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
for cell in {cells!r}:
    result = shell.run_cell(cell, store_history=True)
print("HTML", "<section" in result.result._repr_html_(), result.result.points, result.result.max_points)
"""


@pytest.mark.parametrize(
    "last", ["layerwise.check('power', course={course!r})", "layerwise.check(cube_forward, cube_backward, course={course!r})"]
)
def test_a_session_of_ipython_is_graded(tmp_path, tiny_course, last):
    import subprocess

    pytest.importorskip("IPython")
    cells = [
        "import numpy as np\nimport layerwise",
        "%load_ext layerwise",
        "1/0",
        POWERS,
        "!true\n" + last.format(course=str(tiny_course.root)),
    ]
    environment = {
        "PYTHONPATH": str(tiny_course.root.parent.parent.parent),
        "IPYTHONDIR": str(tmp_path),
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
    }

    done = subprocess.run(
        [sys.executable, "-c", SESSION.format(cells=cells)], capture_output=True, text=True, cwd=tmp_path, env=environment, check=False
    )

    lines = [line.split() for line in done.stdout.splitlines() if line.startswith("HTML")]
    assert len(lines) == 1, done.stdout + done.stderr
    assert lines[0][1] == "True"
    assert lines[0][2] == lines[0][3] != "0"


def test_the_magic_grades_by_name(notebook, monkeypatch):
    magics = {}
    shell = SimpleNamespace(register_magic_function=lambda function, magic_kind, magic_name: magics.update({magic_name: function}))
    seen = []
    monkeypatch.setattr("grader.notebook.check", lambda *targets: seen.append(targets))

    layerwise.load_ipython_extension(shell)
    magics["grade"]("power  cube_forward")

    assert seen == [("power", "cube_forward")]


def test_the_wheel_carries_the_short_name():
    import tomllib
    from pathlib import Path

    root = Path(layerwise.__file__).parent
    build = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]

    assert build["wheel"]["force-include"]["layerwise.py"] == "layerwise.py"
    assert "/layerwise.py" in build["sdist"]["include"]
    assert "!layerwise.py" in (root / ".dockerignore").read_text().splitlines()
