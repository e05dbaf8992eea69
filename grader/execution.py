"""Send the calls of a plan to a worker, and to another one if the first does not live to answer them all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.cells import is_notebook, program, script_program
from grader.checks.answers import UNREADABLE, collect, finding_of, read_description
from grader.checks.model import Answer, Answers, PlannedCall, PlannedCheck
from grader.credible import credible
from grader.model import Ending, Finding, Job, Limits, Raised, Run, Rung, Submission, Verdict
from grader.safe_text import safe_text
from grader.sandbox.inside import codec

if TYPE_CHECKING:
    from grader.sandbox import Sandbox

LOAD_REPLY_BYTES = 64 * 1024
LOADING_ERRORS = frozenset({"SyntaxError", "IndentationError", "TabError", "ModuleNotFoundError", "ImportError", "NameError"})

ENDINGS: dict[Ending, tuple[Verdict, str]] = {
    Ending.OUT_OF_TIME: (
        Verdict.TIME_LIMIT_EXCEEDED,
        "{function} did not {end} within {call_s:g} s: look for a loop that never ends.",
    ),
    Ending.OUT_OF_CPU: (Verdict.TIME_LIMIT_EXCEEDED, "{function} was stopped after {cpu_s} s of processor time: look for a long loop."),
    Ending.TOO_MUCH_OUTPUT: (Verdict.OUTPUT_LIMIT_EXCEEDED, "{function} printed more than {output_mib} MiB: take out the print."),
    Ending.BAD_REPLY: (Verdict.OUTPUT_LIMIT_EXCEEDED, "{function} returned far more than any right answer holds: look at its shapes."),
    Ending.DIED: (
        Verdict.RUNTIME_ERROR,
        "{function} ended the whole Python process{how}: look for exit(), os._exit() or a recursion without end.",
    ),
    Ending.LOST: (Verdict.GRADER_ERROR, "The sandbox broke down; this is no fault of yours and costs no points. Please try again."),
}
# What is wrong with the text itself, or with a file of the student's own that it needs, and what means to end: nothing is left out.
FOR_GOOD = frozenset({"SyntaxError", "IndentationError", "TabError", "ImportError", "ModuleNotFoundError", "MemoryError", "SystemExit"})
MOST_PARTLY = 4
QUOTED = 60
WHY_LEFT_OUT = {
    "NotAvailable": "uses a library that is not there when work is graded; NumPy and the standard library are",
    "PermissionError": "asks for a file, a process or the network, which graded code cannot have",
    "EOFError": "waits for something to be typed, and nobody is there when work is graded",
}
FORBIDDEN_CALL = 31
LOADING = "the loading of"
SIGNALS = {
    4: "an illegal instruction",
    6: "abort()",
    7: "a bus error",
    8: "an arithmetic fault",
    9: "it was killed, most likely because memory ran out",
    11: "a segmentation fault, or a recursion without end",
    FORBIDDEN_CALL: "a forbidden system call",
}


@dataclass(slots=True)
class Execution:
    """All answers of one submission to one plan. ``load_finding`` says why there are none, if there are none."""

    answers: Answers = field(default_factory=lambda: Answers({}))
    load_finding: Finding | None = None
    note: str = ""
    printed: str = ""


@dataclass(slots=True)
class _Asking:
    """One execution on its way: what it is about, and which functions are not worth another wait."""

    submission: Submission
    path: str
    limits: Limits
    texts: dict[str, str]
    execution: Execution = field(default_factory=Execution)
    hopeless: dict[str, Finding] = field(default_factory=dict)
    partly: set[str] = field(default_factory=set)

    def leave_out(self, broken: Raised, names: Iterable[str]) -> bool:
        """Have the file that broke off while it was loaded executed in part: what the graded functions need of it, and what does not fail.

        Much that has nothing to do with them stands outside of functions, and fails where there is no file, no library and no terminal.
        False if the file is loaded so already, or is broken in another way.
        """
        usable = [one for one in (broken.path, self.path) if one in self.texts and one not in self.partly and not is_notebook(one)]
        if not usable or len(self.partly) == MOST_PARTLY or broken.type_name in FOR_GOOD:
            return False
        path = usable[0]
        self.partly.add(path)
        self.texts[path] = script_program(path, self.texts[path], names if path == self.path else ())
        self.execution.note = _left_out(broken, self.submission)
        return True

    def believe(self, raised: Raised) -> Raised:
        """What may be repeated of an exception's description."""
        return credible(raised, self.submission)

    def fail(self, checks: Sequence[PlannedCheck], finding: Finding, culprit: str = "") -> None:
        """Give `finding` for all calls of `checks`, as an answer of `culprit` or, if empty, of the function that each check is of."""
        for planned in checks:
            for call in planned.calls:
                self.execution.answers.by_call[call.number] = Answer(function=culprit or planned.check.function, missing=finding)


def execute(
    checks: Sequence[PlannedCheck],
    submission: Submission,
    path: str,
    sandbox: Sandbox,
    limits: Limits,
    names: Iterable[str] = (),
) -> Execution:
    """Run the calls of `checks` on the module at `path`.

    A check whose calls kill the worker loses its own answers alone: the checks after it are asked in a new worker, up to
    ``limits.restarts`` times. A function that has run out of time once is not waited for again. Of a notebook, what the functions
    called `names` need is executed.
    """
    asking = _Asking(submission, path, limits, _texts(submission, path, names))
    pending = list(checks)
    restarts = lost = 0
    while pending := _set_aside(pending, asking):
        load = codec.encode((asking.texts, path))
        run = sandbox.run(_job(load, [call for planned in pending for call in planned.calls], limits))
        if run.ending is Ending.LOST and lost < 1:
            lost += 1
            sandbox.restart()
            continue
        asking.execution.printed = asking.execution.printed or run.printed
        finding, broken = _read_loading(run, asking)
        if broken is not None and asking.leave_out(broken, names):
            continue
        if finding is not None:
            asking.execution.load_finding = finding
            break
        pending = _take_answers(pending, run, asking)
        restarts += 1
        if restarts > limits.restarts:
            text = "Not run, since the functions before it ended the Python process too often. Correct those first."
            asking.fail(pending, Finding(rung=Rung.RETURNED, verdict=Verdict.SKIPPED, message=text))
            break
    return asking.execution


def _texts(submission: Submission, path: str, names: Iterable[str]) -> dict[str, str]:
    """The texts that a worker gets. A notebook cannot be imported: only one at `path` is among them, as the program that it comes to."""
    return {
        file.path: program(path, file.text, names) if is_notebook(file.path) else file.text
        for file in submission.files
        if file.path == path or not is_notebook(file.path)
    }


def _job(load: bytes, calls: Sequence[PlannedCall], limits: Limits) -> Job:
    return Job(
        frames=(load, *(call.frame for call in calls)),
        reply_bytes=(LOAD_REPLY_BYTES, *(call.reply_bytes for call in calls)),
        limits=limits,
    )


def _set_aside(pending: Sequence[PlannedCheck], asking: _Asking) -> list[PlannedCheck]:
    """Fail the checks that would call a function which has run out of time, without waiting for it again."""
    ready = []
    for planned in pending:
        slow = next((call.function for call in planned.calls if call.function in asking.hopeless), None)
        if slow is None:
            ready.append(planned)
        else:
            asking.fail([planned], asking.hopeless[slow], slow)
    return ready


def _read_loading(run: Run, asking: _Asking) -> tuple[Finding | None, Raised | None]:
    """What the loading of the module came to: a finding if it is not there, and what was raised if it is not there as a whole."""
    if not run.replies:
        return _finding_of_ending(run, f"{LOADING} {asking.path}", asking.limits), None
    try:
        reply = codec.decode(run.replies[0])
        if reply[0] == "loaded":
            broken = None if reply[1] is None else asking.believe(_raised(*reply[1]))
            if broken is not None:
                asking.execution.note = _left_out(broken, asking.submission)
            return None, broken
        if reply[0] == "not_implemented":
            text = f"{asking.path} raises NotImplementedError outside of any function: delete that line, or move it into one."
            return Finding(rung=Rung.RETURNED, verdict=Verdict.NOT_IMPLEMENTED, message=text), None
        raised = asking.believe(_raised(*reply))
    except UNREADABLE:
        text = f"{asking.path} wrote where only results are written, while it was loaded: take out what writes to a file descriptor."
        return Finding(rung=Rung.RETURNED, verdict=Verdict.SECURITY_VIOLATION, message=text), None
    return _loading_failed(raised, asking.path), raised


def _left_out(broken: Raised, submission: Submission) -> str:
    """Say what was left out of a file while it was loaded: the student's own line, and why it may have failed."""
    file = submission.file(broken.path)
    lines = [] if file is None else file.text.splitlines()
    quoted = f" ({safe_text(lines[broken.line - 1].strip())[:QUOTED]})" if 0 < broken.line <= len(lines) else ""
    why = WHY_LEFT_OUT.get(broken.type_name, f"raises {broken.type_name} while the file is loaded")
    return f"{broken.path}, line {broken.line}{quoted} {why}. That statement was left out, and all else was graded."


def _loading_failed(raised: Raised, path: str) -> Finding:
    line = f"line {raised.line}: " if raised.line else ""
    # Nothing has been called yet, so the words of these speak of the file alone, never of a case.
    words = f" ({raised.message})" if raised.type_name in LOADING_ERRORS else ""
    text = f"{raised.path or path} cannot be loaded: {line}{raised.type_name}{words}."
    return Finding(rung=Rung.RETURNED, verdict=finding_of(raised, path).verdict, message=text, raised=raised)


def _raised(_status: object, *description: object) -> Raised:
    return read_description(*description)


def _take_answers(ready: Sequence[PlannedCheck], run: Run, asking: _Asking) -> list[PlannedCheck]:
    """Store what was answered, charge the check in which the worker ended, and give those that are still to be asked."""
    replies = list(run.replies[1:])
    by_call = asking.execution.answers.by_call
    for position, planned in enumerate(ready):
        mine, replies = replies[: len(planned.calls)], replies[len(planned.calls) :]
        if len(mine) == len(planned.calls):
            collect(planned.calls, mine, believe=asking.believe, into=by_call)
            continue
        culprit = planned.calls[len(mine)].function
        finding = _finding_of_ending(run, culprit, asking.limits)
        collect(planned.calls, mine, Answer(function=culprit, missing=finding), asking.believe, into=by_call)
        if run.ending in (Ending.OUT_OF_TIME, Ending.OUT_OF_CPU):
            asking.hopeless[culprit] = finding
        return list(ready[position + 1 :])
    return []


def _finding_of_ending(run: Run, function: str, limits: Limits) -> Finding:
    verdict, text = ENDINGS.get(run.ending, ENDINGS[Ending.DIED])
    if run.signal == FORBIDDEN_CALL:
        verdict = Verdict.SECURITY_VIOLATION
    # An exit code is the student's to choose, and could carry eight bits of an input: it is for the instructor.
    how = f" ({SIGNALS.get(run.signal, f'signal {run.signal}')})" if run.signal else ""
    end = "end" if function.startswith(LOADING) else "return"
    mib = limits.output_bytes >> 20
    message = text.format(function=function, end=end, call_s=limits.call_s, cpu_s=limits.cpu_s, output_mib=mib, how=how)
    message = message[0].upper() + message[1:] if message.startswith("the ") else message
    return Finding(rung=Rung.RETURNED, verdict=verdict, message=message, facts={"exit_code": run.exit_code} if run.exit_code else {})
