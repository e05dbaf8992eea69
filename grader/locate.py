"""Find the file of a submission in which an exercise was done."""

from __future__ import annotations

import re

from grader.catalog import Exercise
from grader.model import SourceFile, Submission


def locate(exercise: Exercise, submission: Submission) -> tuple[str | None, str]:
    """Give the path of the file to grade, or None and the sentence that says why there is none.

    The paths of the layout come first, in their order, also below any folder; then the one file that defines a function of the
    exercise, so that a single file of any name can be graded.
    """
    defining = [file.path for file in submission.files if _defines(file, exercise)]
    for path in exercise.paths:
        found = [file.path for file in submission.files if file.path == path]
        found = found or [file.path for file in submission.files if file.path.endswith("/" + path)]
        # A layers.py without one of our functions is somebody else's layers.py.
        preferred = [path for path in found if path in defining] or (found if path == exercise.paths[0] else [])
        if preferred:
            return min(preferred, key=lambda path: (path.count("/"), path)), ""
    if len(defining) == 1:
        return defining[0], ""
    if defining:
        return None, f"{' and '.join(sorted(defining)[:3])} all define functions of {exercise.name}; keep the one in {exercise.paths[0]}."
    problem = next(
        (p for p in submission.problems if p.path.rpartition("/")[2] in {path.rpartition("/")[2] for path in exercise.paths}), None
    )
    if problem is not None:
        return None, f"{problem.path}: {problem.message}"
    return None, f"There is no {exercise.paths[0]} in the submission."


def _defines(file: SourceFile, exercise: Exercise) -> bool:
    """Whether the text seems to define one of the functions. A pattern, not a parser: no hostile text can do more than not match."""
    names = "|".join(re.escape(name) for function in exercise.functions for name in (function.name, *function.aliases))
    return bool(names) and re.search(rf"^(?:def[ \t]+)?(?:{names})[ \t]*[(=]", file.text, re.MULTILINE) is not None
