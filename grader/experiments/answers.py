"""Read what a worker says of a part of an experiment: the arrays, or a sentence for its author. Every reply may be forged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.answers import UNREADABLE, finding_of, read_description
from grader.credible import credible
from grader.execution import ENDINGS, FORBIDDEN_CALL, SIGNALS
from grader.experiments.model import Arrays, Part
from grader.model import Ending, Limits, Raised, Run, Submission
from grader.safe_text import safe_text
from grader.sandbox.inside import codec

UNLOADED = "a file raises NotImplementedError outside of any function"
FORGED = "the result could not be read: your code wrote to a file descriptor that the grader uses"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for. ``suspects`` are the functions of the part that have not been seen to return before."""

    part: Part
    submission: Submission
    limits: Limits
    suspects: tuple[str, ...]


def read_drawn(run: Run, asked: Asked, reference: Arrays) -> Arrays | str:
    """The arrays of a part if they are of the reference's keys and shapes; else one sentence."""
    try:
        reason = _loading(run, asked)
        if reason:
            return _sentence(reason)
        if len(run.replies) < 2:
            return _sentence(_ending(run, asked))
        found = _answer(run, asked)
        return _sentence(found) if isinstance(found, str) else _fitting(found, reference)
    except UNREADABLE:
        return _sentence(FORGED)


def _sentence(reason: str) -> str:
    return f"Not drawn: {safe_text(reason).rstrip('.')}."


def _loading(run: Run, asked: Asked) -> str:
    """Why the student's files could not be loaded, or nothing."""
    if not run.replies:
        return _ending(run, asked, "the loading of the files")
    status, *rest = codec.decode(run.replies[0])
    if status == "loaded":
        return ""
    if status == "not_implemented":
        return UNLOADED
    return _not_loaded(credible(read_description(*rest), asked.submission))


def _not_loaded(raised: Raised) -> str:
    where = f"{raised.path} cannot be loaded: line {raised.line}: " if raised.line else "a file cannot be loaded: "
    return where + raised.type_name


def _ending(run: Run, asked: Asked, what: str = "") -> str:
    """How a worker ended that did not answer."""
    names = " or ".join(asked.suspects)
    if run.ending in (Ending.OUT_OF_TIME, Ending.OUT_OF_CPU) and not what:
        loop = "look for a loop that never ends" + (f" in {names}" if len(asked.suspects) > 1 else "")
        who = names if len(asked.suspects) == 1 else "the experiment"
        return f"{who} did not return within {asked.limits.call_s:g} s: {loop}"
    if run.signal == FORBIDDEN_CALL:
        return f"{what or names} tried to open a file, start a process or use the network, and graded code may only compute"
    how = f" ({SIGNALS.get(run.signal, f'signal {run.signal}')})" if run.signal else ""
    if run.ending is Ending.LOST:
        return "the sandbox broke down, which is not your fault; please try again"
    limits = asked.limits
    text = ENDINGS.get(run.ending, ENDINGS[Ending.DIED])[1]
    words = text.format(function=what or names, call_s=limits.call_s, cpu_s=limits.cpu_s, output_mib=limits.output_bytes >> 20, how=how)
    return words[0].lower() + words[1:] if run.ending is Ending.DIED else words


def _answer(run: Run, asked: Asked) -> dict[str, Any] | str:
    status, *rest = codec.decode(run.replies[1])
    if status == "raised":
        return _raised(run, asked, rest)
    if status == "not_implemented":
        return UNLOADED
    if status != "returned":
        raise ValueError("an answer that no runner of ours gives")
    ((said, value),) = rest[0]
    if said == "missing":
        return f"{asked.part.needs[_index(value, asked)]} is not defined"
    if said == "unwritten":
        return f"{asked.part.needs[_index(value, asked)]} is not written yet"
    if said != "drawn" or type(value) is not dict:
        raise ValueError("an answer that no runner of ours gives")
    return value


def _raised(run: Run, asked: Asked, description: list[Any]) -> str:
    """Name the function that was called last, if the worker lived to say so."""
    raised = credible(read_description(*description), asked.submission)
    if len(run.replies) < 3:
        return finding_of(raised, " or ".join(asked.suspects), int(description[-1])).message
    status, ((called, is_inside),), *_rest = codec.decode(run.replies[2])
    if status != "returned" or called == -1:
        return _not_loaded(raised)
    name = asked.part.needs[_index(called, asked)]
    if is_inside is True:
        return finding_of(raised, name, int(description[-1])).message
    return f"the experiment cannot go on with what {name} returned ({raised.type_name}); run grade check on it"


def _index(value: Any, asked: Asked) -> int:
    if type(value) is not int or not 0 <= value < len(asked.part.needs):
        raise ValueError("a function that the part does not need")
    return value


def _fitting(found: dict[str, Any], reference: Arrays) -> Arrays | str:
    """The arrays in the reference's order and types, if every one has the right shape and holds real numbers."""
    if found.keys() != reference.keys():
        raise ValueError("other keys than those of the experiment")
    arrays: Arrays = {}
    for key, expected in reference.items():
        value = found[key]
        if isinstance(value, codec.Oversized):
            return _sentence(f"{key!r} came out far too large: its shape is {_shape(value.shape)}, not {_shape(expected.shape)}")
        if type(value) is not np.ndarray or value.dtype.kind not in "fiub":
            return _sentence(f"{key!r} did not come out as an array of real numbers")
        if value.shape != expected.shape:
            return _sentence(f"{key!r} came out with shape {_shape(value.shape)}, not {_shape(expected.shape)}")
        arrays[key] = value.astype(np.float64)
    return arrays


def _shape(shape: tuple[int, ...]) -> str:
    return str(shape) if len(shape) <= 4 else f"one of {len(shape)} dimensions"
