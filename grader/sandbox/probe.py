"""Find out which sandboxes work on this machine, by starting each and letting it run a small submission that tries what it must not."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

from grader.errors import LayerwiseError
from grader.model import Ending, Job, Layers, Limits, Run
from grader.sandbox import Sandbox
from grader.sandbox.inside import codec, request
from grader.sandbox.open import SANDBOXES, open_sandbox

# What every Unix lets every user read, and a module of the standard library that nothing else imports and no submission may.
FILE, MODULE = "/etc/passwd", "colorsys"
PATH = "probe.py"
SOURCE = f"""
def add(a, b):
    return a + b

def read():
    with open({FILE!r}) as file:
        return len(file.read())

def bring():
    import {MODULE}
    return {MODULE}.rgb_to_hsv(0.0, 0.0, 0.0)
"""
CALLS: tuple[tuple[str, tuple[int, ...]], ...] = (("add", (2, 3)), ("read", ()), ("bring", ()))
REPLY_BYTES = 4096
# Short: somebody is waiting for the answer.
LIMITS = Limits(call_s=5.0, exercise_s=10.0, cpu_s=10, memory_mib=256)


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What was found out about one sandbox.

    ``meanings`` has one phrase for each layer that is there or is missing; ``problem`` and ``remedy`` say why it does not work.
    """

    name: str
    works: bool
    layers: Layers | None = None
    python: str = ""
    numpy: str = ""
    meanings: tuple[str, ...] = ()
    problem: str = ""
    remedy: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """All of it but the remedy, as lines for a reader."""
        versions = (f"Python {self.python}, NumPy {self.numpy}",) if self.python else ()
        return (*((self.problem,) if self.problem else ()), *versions, *self.meanings)


def examine() -> tuple[Examined, ...]:
    """Examine every sandbox, in the order of ``SANDBOXES``. Never raises for one that does not work."""
    return tuple(_examine_one(name) for name in SANDBOXES)


def _examine_one(name: str) -> Examined:
    try:
        with contextlib.closing(open_sandbox(name, limits=LIMITS)) as sandbox:
            return _try(name, sandbox)
    except LayerwiseError as error:
        return Examined(name=name, works=False, problem=str(error), remedy=error.remedy)


def _try(name: str, sandbox: Sandbox) -> Examined:
    layers = sandbox.layers
    python, numpy = sandbox.versions
    problem = judge(sandbox.run(probing_job()), sealed=layers.seccomp)
    return Examined(
        name=name,
        works=not problem,
        layers=layers,
        python=python,
        numpy=numpy,
        meanings=describe(layers),
        problem=problem,
        remedy="Do not grade other people's code here; please report this." if problem else "",
    )


def probing_job() -> Job:
    """A submission that adds two numbers, opens a file that everybody may read, and imports what is not on the allow list."""
    load = codec.encode(({PATH: SOURCE}, PATH))
    calls = [
        request.encode((number, (name,), 0, arguments, {}, (0,), (), REPLY_BYTES, -1)) for number, (name, arguments) in enumerate(CALLS)
    ]
    frames = (load, *calls)
    return Job(frames=frames, reply_bytes=(REPLY_BYTES,) * len(frames), limits=LIMITS)


def judge(run: Run, *, sealed: bool) -> str:
    """Say what is wrong with the answers to `probing_job`; nothing if all is as it should be."""
    if run.ending is not Ending.FINISHED:
        return f"a worker of this sandbox does not live to answer: {run.ending}, signal {run.signal}, exit code {run.exit_code}"
    loaded, added, read, brought = (codec.decode(reply) for reply in run.replies)
    if loaded[0] != "loaded" or added[:2] != ("returned", (5,)):
        return f"2 + 3 came back as {added!r}"
    if sealed and read[:2] != ("raised", "PermissionError"):
        return f"{FILE} could be opened by a sealed worker: {read!r}"
    if brought[:2] != ("raised", "ModuleNotFoundError"):
        return f"the module {MODULE} could be imported, which is not on the allow list: {brought!r}"
    return ""


def describe(layers: Layers) -> tuple[str, ...]:
    """Say in one phrase for each layer what it means that it is there, or that it is not."""
    if not layers.seccomp:
        limits = "processor time and memory are limited" if layers.rlimits else "wall time and output alone are limited"
        return ("no seal: the code can read your files and use the network, so run your own code only", f"resource limits: {limits}")
    landlock = (
        f"Landlock ABI {layers.landlock_abi}: no file and no port, as a second lock"
        if layers.landlock_abi
        else "no Landlock in this kernel: seccomp alone refuses the same calls"
    )
    user = "uid: runs as another user than you" if layers.uid_dropped else "uid: runs as you, without any way to use it"
    container = ("container: no network, nothing of yours on its disk, memory and processes counted",) if layers.container else ()
    return (
        "seccomp: computing alone, with no file, process, thread, socket or signal",
        landlock,
        "resource limits: processor time and memory, kept by the kernel",
        user,
        *container,
    )
