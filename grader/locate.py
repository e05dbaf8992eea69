"""Find the file of a submission in which an exercise was done."""

from __future__ import annotations

import re
from collections.abc import Collection

from grader.catalog import Exercise
from grader.cells import is_notebook
from grader.model import SourceFile, Submission


def locate(exercise: Exercise, submission: Submission, others: Collection[str] = ()) -> tuple[str | None, str]:
    """Give the path of the file to grade, or None and the sentence that says why there is none.

    The paths of the layout come first, in their order, also below any folder; then the one file that defines a function of the
    exercise, so that a single file of any name can be graded. A file that the layout has for `others`, the paths of other exercises,
    must define two: a softmax that somebody wrote for use in another exercise is not handed in.

    A notebook counts by what it defines: of several, and of a notebook and a file that the layout does not name, the one with the most
    functions of the exercise. Who works in a notebook may have the stub lying beside it, so an untouched stub does not stand before one.
    """
    counts = {file.path: _count(file, exercise) for file in submission.files}
    theirs = {path for path in counts if _is_at(path, others) and not _is_at(path, exercise.paths)}
    least = min(2, len(exercise.functions))
    defining = [path for path, count in counts.items() if count >= (least if path in theirs else 1)]
    in_notebook = any(is_notebook(path) for path in defining)
    if in_notebook:
        defining = [path for path in defining if not _is_stub(submission, path, exercise)]
    for path in exercise.paths:
        found = [file.path for file in submission.files if file.path == path]
        found = found or [file.path for file in submission.files if file.path.endswith("/" + path)]
        # A layers.py without one of our functions is somebody else's layers.py.
        preferred = [path for path in found if path in defining] or (found if path == exercise.paths[0] and not in_notebook else [])
        if preferred:
            return min(preferred, key=lambda path: (path.count("/"), path)), ""
    if in_notebook:
        most = max(counts[path] for path in defining)
        defining = [path for path in defining if counts[path] == most]
        defining = [path for path in defining if not is_notebook(path)] or defining
    if len(defining) == 1:
        return defining[0], ""
    if defining:
        keep = f"put the one that counts into {exercise.paths[0]}" if not in_notebook else "keep one of them"
        both = "both" if len(defining) == 2 else "all"
        return None, f"{' and '.join(sorted(defining)[:3])} {both} define functions of {exercise.name}, and only one can count: {keep}."
    return None, _reason(exercise, submission)


def names_of(exercise: Exercise) -> dict[str, str]:
    """All names under which a function of the exercise may be handed in, each with the function's own."""
    return {name: function.name for function in exercise.functions for name in (function.name, *function.aliases)}


def _reason(exercise: Exercise, submission: Submission) -> str:
    names = {path.rpartition("/")[2] for path in exercise.paths}
    problem = next((problem for problem in submission.problems if problem.path.rpartition("/")[2] in names), None)
    if problem is not None:
        return f"{problem.path} {problem.message}."
    notebook = next((file.path for file in submission.files if is_notebook(file.path)), "")
    also = f", and {notebook} defines none of its functions" if notebook else ""
    return f"There is no {exercise.paths[0]} in the submission{also}."


def _is_at(path: str, paths: Collection[str]) -> bool:
    return any(path == one or path.endswith("/" + one) for one in paths)


def _count(file: SourceFile, exercise: Exercise) -> int:
    """How many of the functions the text seems to define. A pattern, not a parser: no hostile text can do more than not match."""
    stated = names_of(exercise)
    names = "|".join(map(re.escape, stated))
    # In a notebook the functions of a file beside it are tried out, so there a call at the beginning of a line is no sign of anything.
    assigned = "=(?!=)" if is_notebook(file.path) else "[(=]"
    pattern = rf"^(?:def|class)[ \t]+({names})[ \t]*[(:]|^({names})[ \t]*{assigned}"
    found = re.findall(pattern, file.text, re.MULTILINE) if names else []
    return len({stated[defined or named] for defined, named in found})


def _is_stub(submission: Submission, path: str, exercise: Exercise) -> bool:
    file = submission.file(path)
    return file is not None and file.text.strip() == exercise.stub.strip()
