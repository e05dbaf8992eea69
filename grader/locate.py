"""Find the file of a submission in which an exercise was done."""

from __future__ import annotations

import re
from collections.abc import Collection

from grader.catalog import Exercise
from grader.model import SourceFile, Submission


def locate(exercise: Exercise, submission: Submission, others: Collection[str] = ()) -> tuple[str | None, str]:
    """Give the path of the file to grade, or None and the sentence that says why there is none.

    The paths of the layout come first, in their order, also below any folder; then the one file that defines a function of the
    exercise, so that a single file of any name can be graded. A file that the layout has for `others`, the paths of other exercises,
    must define two: a softmax that somebody wrote for use in another exercise is not handed in.
    """
    counts = {file.path: _count(file, exercise) for file in submission.files}
    theirs = {path for path in counts if _is_at(path, others) and not _is_at(path, exercise.paths)}
    least = min(2, len(exercise.functions))
    defining = [path for path, count in counts.items() if count >= (least if path in theirs else 1)]
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


def _is_at(path: str, paths: Collection[str]) -> bool:
    return any(path == one or path.endswith("/" + one) for one in paths)


def _count(file: SourceFile, exercise: Exercise) -> int:
    """How many of the functions the text seems to define. A pattern, not a parser: no hostile text can do more than not match."""
    stated = {name: function.name for function in exercise.functions for name in (function.name, *function.aliases)}
    names = "|".join(map(re.escape, stated))
    found = re.findall(rf"^(?:def[ \t]+)?({names})[ \t]*[(=]", file.text, re.MULTILINE) if names else []
    return len({stated[name] for name in found})
