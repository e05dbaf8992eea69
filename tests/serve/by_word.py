"""Grade what was handed in by what it says of itself, so that no test waits for a worker: ``# fails NAME`` fails a check."""

from __future__ import annotations

import re

from grader.classwork import Done
from grader.model import CheckOutcome, Diagnosis, Evidence, ExerciseOutcome, Finding, FunctionOutcome, Rung, Verdict
from tests.marks.worlds import RUN
from tests.serve.conftest import RIGHT, send

FINDING = Finding(rung=Rung.VALUE, verdict=Verdict.WRONG_ANSWER, message="the values are off", facts={"secret": "4711"})


def work(*failing, mistake="", undone=(), note=""):
    """The source of a work that fails some checks."""
    lines = [f"# fails {name}" for name in failing] + [f"# undone {name}" for name in undone]
    return RIGHT + "\n".join([f"\n# {note}", *lines, f"# mistake {mistake}" if mistake else ""])


def grade_all(site):
    """Grade everything that waits, as the thread of the service would."""
    grading = site.service.grading
    while (task := grading.next_task()) is not None:
        outcomes = tuple(_outcome(site.service, name, task.submission) for name in task.exercises)
        grading._take(Done(number=task.number, outcomes=outcomes, run=RUN))


def hand_in(site, student, *texts, **more):
    """Hand in works one after another and have them graded; give the numbers of their uploads."""
    browser = site.browser(student)
    numbers = []
    for text in texts:
        numbers.append(send(browser, text, **more))
        grade_all(site)
    return numbers


def _outcome(service, exercise, submission):
    file = next(one for one in submission.files if one.path.endswith(f"{exercise}.py"))
    fails, undone = (set(re.findall(rf"^# {word} (\w+)$", file.text, re.MULTILINE)) for word in ("fails", "undone"))
    mistake = re.search(r"^# mistake (\w+)$", file.text, re.MULTILINE)
    functions = {}
    for check in service.cards.checks[exercise]:
        verdict = Verdict.WRONG_ANSWER if check.name in fails else Verdict.ACCEPTED
        verdict = Verdict.NOT_IMPLEMENTED if check.function in undone else verdict
        finding = None if verdict is Verdict.ACCEPTED else FINDING
        functions.setdefault(check.function, []).append(CheckOutcome(check=check.name, verdict=verdict, finding=finding))
    diagnosis = mistake and Diagnosis(mistake=mistake[1], evidence=Evidence.KNOWN_MISTAKE, explanation="the scale is left out.")
    made = [
        FunctionOutcome(function=name, checks=tuple(checks), diagnoses=(diagnosis,) if diagnosis and name == "cube_forward" else ())
        for name, checks in functions.items()
    ]
    return ExerciseOutcome(exercise=exercise, path=file.path, functions=tuple(made))
