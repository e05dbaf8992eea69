"""Find out which function is missing where one that is written ends in another one's NotImplementedError.

The exception says nothing of where it was raised, so the text of the submission is asked. It is matched by patterns and never parsed: no
hostile text can do more than not match, and what is said then is that the function itself is not implemented.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Collection, Mapping

from grader.checks.model import Answer, Answers
from grader.model import Finding, Rung, Submission, Verdict

# A function at the margin of a file, to the next line that begins there; a closing bracket or a comment does not end it.
FUNCTION = re.compile(r"^def[ \t]+(\w+)[^\n]*\n((?:(?:[ \t)\]#][^\n]*)?\n)*)", re.ASCII | re.MULTILINE)
DOCSTRING = re.compile(r'"""[^"]*"""|' + r"'''[^']*'''")
COMMENT = re.compile(r"#[^\n]*")
CALLED = re.compile(r"\b(\w+)[ \t]*\(", re.ASCII)
UNDONE = re.compile(r"\braise[ \t]+NotImplementedError\b")


def name_what_is_missing(answers: Answers, submission: Submission, names: Mapping[str, str]) -> None:
    """Let each answer of a function that is written say which function it waits for.

    Parameters
    ----------
    answers
        Are changed: an answer "not implemented" becomes "skipped", with the function that is missing.
    names
        All names under which a function may be handed in, each with the function's own.
    """
    undone = {answer.function for answer in answers.by_call.values() if _raised_not_implemented(answer)}
    if not undone:
        return
    bodies = _bodies(submission)
    for function in undone:
        missing = _missing(bodies, {name for name, own in names.items() if own == function})
        if missing:
            finding = _waits(function, missing, names)
            for number, answer in answers.by_call.items():
                if answer.function == function and _raised_not_implemented(answer):
                    answers.by_call[number] = Answer(function=function, missing=finding)


def _raised_not_implemented(answer: Answer) -> bool:
    missing = answer.missing
    return missing is not None and missing.verdict is Verdict.NOT_IMPLEMENTED and missing.rung is Rung.RETURNED


def _waits(function: str, missing: str, names: Mapping[str, str]) -> Finding:
    own = names.get(missing, "")
    text = f"{function} is written, but it calls {missing}, which is not implemented yet: write {missing} first."
    # Of a function of another exercise, or of the student's own, nothing is judged here that this one could wait for.
    verdict = Verdict.SKIPPED if own and own != function else Verdict.NOT_IMPLEMENTED
    return Finding(rung=Rung.RETURNED, verdict=verdict, message=text, needs=own if verdict is Verdict.SKIPPED else "")


def _bodies(submission: Submission) -> dict[str, str]:
    """The statements of every function at the margin of a file, without comments and docstrings; of two of one name the last."""
    found = (match for file in submission.files for match in FUNCTION.findall(file.text + "\n"))
    return {name: COMMENT.sub("", DOCSTRING.sub("", body)) for name, body in found}


def _missing(bodies: Mapping[str, str], function: Collection[str]) -> str:
    """The nearest function that raises NotImplementedError among those that `function` calls, directly or by way of others."""
    pending = deque(name for name in function if name in bodies)
    if any(UNDONE.search(bodies[name]) for name in pending):
        return ""
    seen = set(pending)
    while pending:
        called: list[str] = CALLED.findall(bodies[pending.popleft()])
        for name in dict.fromkeys(called):
            if name in seen or name not in bodies:
                continue
            if UNDONE.search(bodies[name]):
                return name
            seen.add(name)
            pending.append(name)
    return ""
