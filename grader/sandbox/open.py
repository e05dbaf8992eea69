"""Open a sandbox by its name. The names are the choices of ``--sandbox``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from grader.errors import SandboxError
from grader.model import Limits
from grader.sandbox import Sandbox
from grader.sandbox.launch import ELSEWHERE

if TYPE_CHECKING:
    from grader.sandbox.start import Started

AUTO = "auto"

# Each takes the extra modules, the limits of the jobs to come and the image to run. Imported where they are opened: the process
# sandbox cannot be imported on Windows, and the docker package alone takes longer to import than a module to grade.
Opener = Callable[[tuple[str, ...], Limits, str | None, "Started | None"], Sandbox]


def _open_process(extra_modules: tuple[str, ...], _limits: Limits, _image: str | None, started: Started | None) -> Sandbox:
    if not sys.platform.startswith("linux"):
        raise SandboxError(
            f"the process sandbox needs Linux, and this is {sys.platform}",
            remedy=ELSEWHERE,
        )
    from grader.sandbox.process import ProcessSandbox

    return ProcessSandbox(extra_modules, started)


def _open_docker(extra_modules: tuple[str, ...], limits: Limits, image: str | None, _started: Started | None) -> Sandbox:
    from grader.sandbox.docker import DockerSandbox

    return DockerSandbox(image, extra_modules=extra_modules, memory_mib=limits.memory_mib)


def _open_plain(extra_modules: tuple[str, ...], _limits: Limits, _image: str | None, _started: Started | None) -> Sandbox:
    from grader.sandbox.plain import PlainSandbox

    return PlainSandbox(extra_modules)


SANDBOXES: dict[str, Opener] = {"process": _open_process, "docker": _open_docker, "plain": _open_plain}


def open_sandbox(
    kind: str = AUTO,
    *,
    extra_modules: tuple[str, ...] = (),
    limits: Limits | None = None,
    image: str | None = None,
    started: Started | None = None,
) -> Sandbox:
    """Open a sandbox.

    Parameters
    ----------
    kind
        A key of ``SANDBOXES``, or ``auto``: the process sandbox. Never the plain one, which protects nobody and so has to be
        asked for by name; nor the docker one, whose worker is sealed by the same kernel and so works where the other does.
    extra_modules
        What the course lets submissions import beside NumPy and an allow list of the standard library.
    limits
        Those of the jobs to come, as far as the sandbox itself must know them.
    image
        For ``docker``: the image to run.
    started
        For ``process``: a zygote that is warming up already.

    Raises
    ------
    SandboxError
        If it cannot be opened here, with the remedy. The process sandbox may find out at its first use alone.
    """
    name = "process" if kind == AUTO else kind
    if name not in SANDBOXES:
        raise SandboxError(f"there is no sandbox called {kind!r}", remedy=f"Use one of {', '.join((AUTO, *SANDBOXES))}.")
    return SANDBOXES[name](extra_modules, limits or Limits(), image, started)
