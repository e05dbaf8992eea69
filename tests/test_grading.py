"""What a submission earns, end to end, on a course of one exercise: every ending has its verdict and its sentence."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from grader.grading import Grader, grade_submission
from grader.model import Evidence, Limits, Verdict
from grader.sandbox.inside import request

RIGHT = """
import numpy as np

def cube_forward(x, scale=1.0):
    return scale * x ** 3, (x, scale)

def cube_backward(dout, cache):
    x, scale = cache
    return 3 * scale * x ** 2 * dout
"""
QUICK = Limits(call_s=0.5)


@pytest.fixture
def grade(tiny_grader, sandbox, submit):
    def run(text, path="power.py", **files):
        return grade_submission(submit({path: text}, **files), sandbox, grader=tiny_grader, limits=QUICK)

    return run


def function(card, name):
    return next(f for exercise in card.exercises for f in exercise.functions if f.name == name)


def checks(card, name):
    return {check.name: check for check in function(card, name).checks}


def test_a_right_submission_earns_everything(grade):
    card = grade(RIGHT)

    assert card.verdict is Verdict.ACCEPTED
    assert card.points == card.max_points > 0


def test_a_stub_is_not_implemented_and_earns_nothing(grade, tiny_course):
    card = grade(tiny_course.exercise("power").stub)

    assert card.points == 0
    assert {f.verdict for f in card.exercises[0].functions} == {Verdict.NOT_IMPLEMENTED}


@pytest.mark.parametrize("body", ["pass", "out, cache = None, None; return out, cache", "return None"])
def test_a_body_that_returns_nothing_is_not_implemented_rather_than_wrong(grade, body):
    card = grade(RIGHT.replace("return scale * x ** 3, (x, scale)", body))

    assert function(card, "cube_forward").verdict is Verdict.NOT_IMPLEMENTED


def test_a_function_that_is_missing_is_not_implemented(grade):
    card = grade(RIGHT.split("def cube_backward", maxsplit=1)[0])

    assert function(card, "cube_forward").verdict is Verdict.ACCEPTED
    assert function(card, "cube_backward").verdict is Verdict.NOT_IMPLEMENTED


def test_a_missing_module_is_said_to_be_missing(grade):
    card = grade("x = 1", path="other.py")

    assert card.exercises[0].path is None
    assert "no power.py" in card.exercises[0].message
    assert card.points == 0


def test_right_values_of_a_wrong_shape_lose_the_shape_check_alone(grade):
    card = grade(RIGHT.replace("return scale * x ** 3,", "return (scale * x ** 3)[None],"))

    lost = [name for name, check in checks(card, "cube_forward").items() if check.verdict is not Verdict.ACCEPTED]
    assert lost == ["keeps_the_shape"]


def test_right_values_of_a_wrong_dtype_lose_the_dtype_check_alone(grade):
    card = grade(RIGHT.replace("return scale * x ** 3,", "return (scale * x ** 3).astype(np.float64),"))

    lost = [name for name, check in checks(card, "cube_forward").items() if check.verdict is not Verdict.ACCEPTED]
    assert lost == ["keeps_the_dtype"]


def test_a_tidy_wrong_answer_earns_nothing_for_being_tidy(grade):
    card = grade(RIGHT.replace("return scale * x ** 3,", "return x.copy(),"))

    assert function(card, "cube_forward").points == 0
    assert checks(card, "cube_forward")["keeps_the_shape"].verdict is Verdict.SKIPPED


def test_a_known_mistake_is_named(grade):
    card = grade(RIGHT.replace("return scale * x ** 3,", "y = np.square(x); return scale * y,"))

    assert [d.explanation for d in function(card, "cube_forward").diagnoses] == ["x is squared, not cubed."]


def test_an_unknown_mistake_is_not_named(grade):
    card = grade(RIGHT.replace("return scale * x ** 3,", "return scale * x ** 3 + np.sin(7 * x),"))

    assert function(card, "cube_forward").verdict is Verdict.WRONG_ANSWER
    assert [d.evidence for d in function(card, "cube_forward").diagnoses] == [Evidence.NOT_RECOGNISED]


def test_a_backward_pass_that_is_right_for_the_own_wrong_forward_earns_its_credit(grade):
    text = RIGHT.replace("scale * x ** 3", "scale * x ** 2").replace("3 * scale * x ** 2 * dout", "2 * scale * x * dout")

    card = grade(text)

    gradient = checks(card, "cube_backward")["returns_the_gradient"]
    assert gradient.points == gradient.max_points
    assert "your own cube_forward" in gradient.follow_through
    assert function(card, "cube_forward").points == 0


def test_a_backward_pass_that_is_wrong_for_both_forwards_earns_no_credit(grade):
    text = RIGHT.replace("scale * x ** 3", "scale * x ** 2").replace("3 * scale * x ** 2 * dout", "2.001 * scale * x * dout")

    card = grade(text)

    assert checks(card, "cube_backward")["returns_the_gradient"].points == 0


def test_passing_the_input_and_the_gradient_through_earns_no_follow_through(grade):
    text = RIGHT.replace("scale * x ** 3", "scale * x").replace("3 * scale * x ** 2 * dout", "scale * dout")

    card = grade(text)

    assert card.points == 0


def test_a_wrong_backward_of_a_right_forward_is_judged_by_the_reference(grade):
    card = grade(RIGHT.replace("3 * scale * x ** 2 * dout", "(3 + 1e-5) * scale * x ** 2 * dout"))

    assert checks(card, "cube_backward")["returns_the_gradient"].verdict is Verdict.WRONG_ANSWER


def test_an_exception_is_told_by_type_and_line(grade):
    card = grade(RIGHT.replace("return scale * x ** 3,", "raise ValueError(repr(x))\n    return 0,"))

    check = checks(card, "cube_forward")["scales_the_cube"]
    assert check.verdict is Verdict.RUNTIME_ERROR
    assert check.finding.message == "cube_forward raised ValueError at power.py, line 5."


def test_what_needs_a_broken_function_is_skipped_with_the_reason(grade):
    card = grade(RIGHT.replace("return scale * x ** 3,", "raise ValueError\n    return 0,"))

    check = checks(card, "cube_backward")["returns_the_gradient"]
    assert check.verdict is Verdict.SKIPPED
    assert "needs cube_forward" in check.finding.message


def test_a_check_that_breaks_down_costs_no_points_and_stops_nobody(tiny_course, sandbox, submit):
    # A law that divides by what a student returns, without thinking of an integer 0.
    grader = Grader(tiny_course)
    plan = grader.plan(tiny_course.exercise("power"))
    fragile = next(planned for planned in plan.checks if planned.check.name == "scales_the_cube")
    law = dataclasses.replace(fragile.expectations[0], judge=lambda _answers: 1 // 0)
    broken = dataclasses.replace(fragile, expectations=(law,))
    plan.checks = tuple(broken if planned is fragile else planned for planned in plan.checks)

    card = grade_submission(submit({"power.py": RIGHT}), sandbox, grader=grader, limits=QUICK)

    seen = checks(card, "cube_forward")["scales_the_cube"]
    assert seen.verdict is Verdict.GRADER_ERROR
    assert "not your fault" in seen.finding.message
    assert "ZeroDivisionError" in seen.finding.facts["error"]
    assert checks(card, "cube_backward")["returns_the_gradient"].verdict is Verdict.ACCEPTED


def test_an_endless_loop_costs_its_function_alone(grade):
    card = grade(RIGHT.replace("x, scale = cache", "while True: pass"))

    assert function(card, "cube_forward").verdict is Verdict.ACCEPTED
    assert function(card, "cube_backward").verdict is Verdict.TIME_LIMIT_EXCEEDED
    assert function(card, "cube_backward").points == 0


def test_a_death_of_the_process_costs_the_calls_that_were_not_answered(grade):
    card = grade(RIGHT.replace("x, scale = cache", "import os; os._exit(0)"))

    assert function(card, "cube_forward").verdict is Verdict.ACCEPTED
    assert function(card, "cube_backward").verdict is Verdict.RUNTIME_ERROR


def test_too_much_memory_is_called_so(grade):
    card = grade(RIGHT.replace("x, scale = cache", "np.ones((1 << 33,))"))

    assert function(card, "cube_backward").verdict is Verdict.MEMORY_LIMIT_EXCEEDED


def test_too_much_output_is_called_so(grade):
    card = grade(RIGHT.replace("x, scale = cache", "while True: print('x' * 100000)"))

    assert function(card, "cube_backward").verdict is Verdict.OUTPUT_LIMIT_EXCEEDED


def test_opening_a_file_is_refused(grade):
    card = grade(RIGHT.replace("x, scale = cache", "open('/etc/passwd').read()"))

    assert function(card, "cube_backward").verdict is Verdict.SECURITY_VIOLATION


def test_a_syntax_error_is_one_sentence_with_its_line(grade):
    card = grade("def cube_forward(x, scale=1.0):\n    print 'hello'\n")

    assert card.exercises[0].message.startswith("power.py cannot be loaded: line 2: SyntaxError")
    assert card.verdict is Verdict.RUNTIME_ERROR


def test_a_forged_reply_earns_nothing(grade):
    forged = "import os; os.write(4, b'\\x05\\x00\\x00\\x00hello' * 50); os._exit(0)"

    card = grade(RIGHT.replace("x, scale = cache", forged))

    assert function(card, "cube_backward").points == 0


def test_a_plotting_import_that_is_not_there_costs_nothing(grade):
    card = grade("import matplotlib.pyplot as plt\nfrom past.builtins import xrange\nplt.rcParams['a'] = 1\n" + RIGHT)

    assert card.verdict is Verdict.ACCEPTED


def test_a_sibling_that_was_not_handed_in_costs_nothing_if_it_is_not_used(grade):
    card = grade("from .fast_layers import *\nfrom .im2col import col2im\n" + RIGHT)

    assert card.verdict is Verdict.ACCEPTED


@pytest.mark.parametrize(
    "line", ["sys.path.append(os.path.dirname(os.path.abspath(__file__)))", "sys.path.append(os.getcwd())", "sys.path.insert(0, '')"]
)
def test_asking_where_it_is_costs_a_file_nothing(grade, line):
    card = grade(f"import os, sys\n{line}\nimport pandas\n" + RIGHT)

    assert card.verdict is Verdict.ACCEPTED
    assert card.exercises[0].message == ""


def test_what_two_pythons_shared_still_runs(grade):
    loop = "from past.builtins import xrange\nassert list(xrange(2)) == [0, 1]\n"

    assert grade(loop + RIGHT).verdict is Verdict.ACCEPTED


def test_names_that_numpy_once_had_still_run(grade):
    old = "x.astype(np.float) if x.dtype == np.float64 else x"

    assert grade(RIGHT.replace("scale * x ** 3", f"scale * ({old}) ** 3")).verdict is Verdict.ACCEPTED


def test_a_fallback_for_a_missing_library_is_the_students_own(grade):
    card = grade("try:\n    import numba\nexcept ImportError:\n    numba = None\nassert numba is None\n" + RIGHT)

    assert card.verdict is Verdict.ACCEPTED


def test_reading_data_at_the_end_of_the_file_costs_nothing_above_it(grade):
    card = grade(RIGHT + "\ndata = np.load('data.npy')\n")

    assert card.verdict is Verdict.ACCEPTED
    assert "line 11" in card.exercises[0].message


@pytest.mark.parametrize(
    "line", ["from .helper import third", "from helper import third", "from hw1.helper import third", "from ..hw1.helper import third"]
)
def test_siblings_are_found_however_they_are_imported(grade, submit, tiny_grader, sandbox, line):
    text = RIGHT.replace("import numpy as np", line).replace("x ** 3", "third(x)")
    submission = submit({"hw1/powers.py": text, "hw1/helper.py": "def third(x):\n    return x ** 3\n"})

    card = grade_submission(submission, sandbox, grader=tiny_grader)

    assert card.verdict is Verdict.ACCEPTED


def test_an_accepted_other_name_of_a_function_is_graded(grade):
    card = grade(RIGHT.replace("cube_forward", "third_power"))

    assert function(card, "cube_forward").verdict is Verdict.ACCEPTED


def test_state_of_one_submission_does_not_reach_the_next(grade):
    grade("import numpy as np\nnp.marked = True\n" + RIGHT)

    card = grade("import numpy as np\nassert not hasattr(np, 'marked')\n" + RIGHT)

    assert card.verdict is Verdict.ACCEPTED


def test_the_same_submission_gives_the_same_scorecard(grade):
    first, second = grade(RIGHT), grade(RIGHT)

    assert dataclasses.replace(first, run=second.run) == second


def test_only_a_function_sees_the_cases_of_the_whole_run(tiny_course, sandbox, submit):
    whole, part = Grader(tiny_course), Grader(tiny_course, frozenset({"cube_backward"}))

    inputs = [
        [
            arrays(call)
            for planned in one.plan(tiny_course.exercise("power")).checks
            if planned.check.name == "returns_the_gradient"
            for call in planned.calls
        ]
        for one in (whole, part)
    ]

    assert len(inputs[0]) == 4
    assert inputs[0] == inputs[1]


def arrays(call):
    """The array arguments of a planned call, as lists."""
    arguments = (request.read(one) for one in request.decode(call.frame)[3] if isinstance(one, bytes))
    return [argument.tolist() for argument in arguments if isinstance(argument, np.ndarray)]


def test_another_seed_draws_other_hidden_cases_and_the_same_public_ones(tiny_course):
    other = dataclasses.replace(tiny_course, seed=b"another secret seed", seed_is_secret=True)

    plans = [
        {p.check.name: [arrays(call) for call in p.calls] for p in Grader(course).plan(course.exercise("power")).checks}
        for course in (tiny_course, other)
    ]

    assert plans[0]["scales_the_cube"] != plans[1]["scales_the_cube"]
    assert plans[0]["cubes_two"] == plans[1]["cubes_two"]
