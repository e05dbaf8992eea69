"""Send the calls of a plan to a worker, and to another one if the first does not live to answer them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.checks.answers import collect, finding_of
from grader.checks.model import Answer, Answers, PlannedCall, PlannedCheck
from grader.model import Ending, Finding, Job, Limits, Raised, Run, Rung, Submission, Verdict
from grader.sandbox.inside import codec

if TYPE_CHECKING:
    from grader.sandbox import Sandbox

LOAD_REPLY_BYTES = 64 * 1024

ENDINGS: dict[Ending, tuple[Verdict, str]] = {
    Ending.OUT_OF_TIME: (Verdict.TIME_LIMIT_EXCEEDED, "{function} did not return within {call_s:g} s: look for a loop that never ends."),
    Ending.OUT_OF_CPU: (Verdict.TIME_LIMIT_EXCEEDED, "{function} was stopped after {cpu_s} s of processor time."),
    Ending.TOO_MUCH_OUTPUT: (Verdict.OUTPUT_LIMIT_EXCEEDED, "{function} printed more than {output_mib} MiB: remove the print."),
    Ending.BAD_REPLY: (Verdict.OUTPUT_LIMIT_EXCEEDED, "{function} sent back far more than any right answer holds."),
    Ending.DIED: (Verdict.RUNTIME_ERROR, "The process ended inside {function}{how}."),
    Ending.LOST: (Verdict.GRADER_ERROR, "The sandbox broke down; this is no fault of yours and costs no points. Please grade again."),
}
SIGNALS = {
    4: "an illegal instruction",
    6: "abort()",
    7: "a bus error",
    8: "an arithmetic fault",
    11: "a segmentation fault, or a recursion without end",
    31: "a forbidden system call",
}


@dataclass(slots=True)
class Execution:
    """All answers of one submission to one plan. ``load_finding`` says why there are none, if there are none."""

    answers: Answers = field(default_factory=lambda: Answers({}))
    load_finding: Finding | None = None
    note: str = ""
    printed: str = ""


def execute(checks: Sequence[PlannedCheck], submission: Submission, path: str, sandbox: Sandbox, limits: Limits) -> Execution:
    """Run the calls of `checks` on the module at `path`.

    A check whose calls kill the worker loses its own answers alone: the checks after it are asked in a new worker, up to
    ``limits.restarts`` times. A function that has run out of time once is not waited for again.
    """
    load = codec.encode(({file.path: file.text for file in submission.files}, path))
    execution = Execution()
    pending = list(checks)
    hopeless: dict[str, Finding] = {}
    restarts = lost = 0
    while pending:
        ready = _set_aside(pending, hopeless, execution)
        if not ready:
            break
        calls = [call for planned in ready for call in planned.calls]
        run = sandbox.run(_job(load, calls, limits))
        if run.ending is Ending.LOST and lost < 1:
            lost += 1
            sandbox.restart()
            continue
        execution.printed = execution.printed or run.printed
        finding = _read_loading(run, execution, limits, path)
        if finding is not None:
            execution.load_finding = finding
            return execution
        pending = _take_answers(ready, run, execution, hopeless, limits)
        restarts += 1
        if pending and restarts > limits.restarts:
            text = "This was not run, because the module had already ended its process too many times."
            _fail_all(pending, Finding(rung=Rung.RETURNED, verdict=Verdict.SKIPPED, message=text), execution)
            pending = []
    return execution


def _job(load: bytes, calls: Sequence[PlannedCall], limits: Limits) -> Job:
    return Job(
        frames=(load, *(call.frame for call in calls)),
        reply_bytes=(LOAD_REPLY_BYTES, *(call.reply_bytes for call in calls)),
        limits=limits,
    )


def _set_aside(pending: Sequence[PlannedCheck], hopeless: dict[str, Finding], execution: Execution) -> list[PlannedCheck]:
    """Fail the checks that would call a function which has run out of time, without waiting for it again."""
    ready = []
    for planned in pending:
        slow = next((hopeless[call.function] for call in planned.calls if call.function in hopeless), None)
        if slow is None:
            ready.append(planned)
        else:
            _fail_all([planned], slow, execution)
    return ready


def _fail_all(checks: Sequence[PlannedCheck], finding: Finding, execution: Execution, function: str | None = None) -> None:
    for planned in checks:
        for call in planned.calls:
            execution.answers.by_call[call.number] = Answer(function=function or planned.check.function, missing=finding)


def _read_loading(run: Run, execution: Execution, limits: Limits, path: str) -> Finding | None:
    """What the loading of the module came to: None if it is there, at least in part."""
    if not run.replies:
        if run.ending is Ending.FINISHED:
            return None
        return _finding_of_ending(run, path, limits)
    try:
        reply = codec.decode(run.replies[0])
        if reply[0] == "loaded":
            if reply[1] is not None:
                raised = _raised(reply[1])
                execution.note = f"{raised.path}, line {raised.line}: {raised.type_name}; what stands above that line was graded."
            return None
        if reply[0] == "not_implemented":
            return Finding(
                rung=Rung.RETURNED, verdict=Verdict.NOT_IMPLEMENTED, message=f"{path} raises NotImplementedError when it is loaded."
            )
        raised = _raised(reply)
    except (codec.CodecError, ValueError, TypeError, IndexError):
        return Finding(rung=Rung.RETURNED, verdict=Verdict.SECURITY_VIOLATION, message=f"{path} wrote into the channel of its answers.")
    finding = finding_of(raised, path)
    line = f"line {raised.line}: " if raised.line else ""
    text = f"{raised.path or path} cannot be loaded: {line}{raised.type_name}"
    # The parser's own words speak of the file alone, never of a case.
    text += (
        f" ({raised.message})."
        if raised.type_name in ("SyntaxError", "IndentationError", "TabError", "ModuleNotFoundError", "ImportError", "NameError")
        else "."
    )
    return Finding(rung=finding.rung, verdict=finding.verdict, message=text, raised=raised)


def _raised(reply: tuple[object, ...]) -> Raised:
    _status, name, message, path, line, function, _errno = reply
    return Raised(type_name=str(name), message=str(message), path=str(path), line=int(str(line)), function=str(function))


def _take_answers(
    ready: Sequence[PlannedCheck], run: Run, execution: Execution, hopeless: dict[str, Finding], limits: Limits
) -> list[PlannedCheck]:
    """Store what was answered, charge the check in which the worker ended, and give those that are still to be asked."""
    replies = list(run.replies[1:])
    for position, planned in enumerate(ready):
        mine, replies = replies[: len(planned.calls)], replies[len(planned.calls) :]
        if len(mine) == len(planned.calls):
            execution.answers.by_call.update(collect(planned.calls, mine))
            continue
        culprit = planned.calls[len(mine)].function
        finding = _finding_of_ending(run, culprit, limits)
        execution.answers.by_call.update(collect(planned.calls, mine, Answer(function=culprit, missing=finding)))
        if run.ending in (Ending.OUT_OF_TIME, Ending.OUT_OF_CPU):
            hopeless[culprit] = finding
        return list(ready[position + 1 :])
    return []


def _finding_of_ending(run: Run, function: str, limits: Limits) -> Finding:
    verdict, text = ENDINGS.get(run.ending, ENDINGS[Ending.DIED])
    how = (
        f" ({SIGNALS.get(run.signal, f'signal {run.signal}')})" if run.signal else f" (exit code {run.exit_code})" if run.exit_code else ""
    )
    if run.signal == 31:
        verdict = Verdict.SECURITY_VIOLATION
    message = text.format(function=function, call_s=limits.call_s, cpu_s=limits.cpu_s, output_mib=limits.output_bytes >> 20, how=how)
    return Finding(rung=Rung.RETURNED, verdict=verdict, message=message)
