"""The zygote: a process that has imported NumPy and an allow list of the standard library, and forks a sealed child per job.

It is executed, never forked from the grader, so that nothing secret was ever in its memory, environment or descriptors. It
reads no source and no array: those go by descriptors straight to the child.

Started as ``python -s -S -P -B -c "..." `` with a clean environment; see ``grader.sandbox.launch``.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import socket
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

# Here and not where they are used: the child, which needs all of them, can import nothing. Inside a worker this folder is on the path.
if TYPE_CHECKING or __package__:
    from . import child, codec, preload, seal
else:
    import child
    import codec
    import preload
    import seal

REQUEST, REPLY = 3, 4
DROP_TO_UID = 65534
# A grader that was interrupted between starting a container and connecting to it will never come.
ACCEPT_S = 30.0


class Zygote:
    """Forks, kills and reaps children on request of the grader at the other end of `control`."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self.program = seal.prepare_filter()
        self.jobs: dict[int, int] = {}
        self.watched: dict[int, int] = {}
        self.poller = select.poll()

    def seal_self(self) -> tuple[Any, ...]:
        """Take the zygote's own layers, prove by doing that a child is sealed, and describe both."""
        own = seal.seal_zygote(drop_to=DROP_TO_UID if os.getuid() == 0 else None)
        probe = seal.probe()
        return (bool(probe.seccomp), int(own.landlock_abi), bool(own.uid_dropped), tuple(probe.allowed))

    def run(self) -> None:
        """Serve until the grader is gone."""
        self.poller.register(self.control, select.POLLIN)
        while True:
            for descriptor, _event in self.poller.poll():
                if descriptor != self.control.fileno():
                    self._reap(descriptor)
                elif not self._serve_one():
                    return

    def _serve_one(self) -> bool:
        message, descriptors, _flags, _address = socket.recv_fds(self.control, 4096, 8)
        if not message:
            return False
        kind, job, *rest = codec.decode(message)
        if kind == "spawn":
            self._spawn(job, descriptors, *rest)
        elif kind == "kill" and job in self.jobs:
            # Not yet reaped, so the number cannot belong to anybody else.
            os.kill(self.jobs[job], signal.SIGKILL)
        for descriptor in descriptors:
            os.close(descriptor)
        return True

    def _spawn(self, job: int, descriptors: list[int], cpu_s: int, address_space_bytes: int) -> None:
        pid = os.fork()
        if pid == 0:
            self._become_child(descriptors, cpu_s, address_space_bytes)
        self.jobs[job] = pid
        watch = os.pidfd_open(pid)
        self.watched[watch] = job
        self.poller.register(watch, select.POLLIN)

    def _become_child(self, descriptors: list[int], cpu_s: int, address_space_bytes: int) -> None:
        code = 81
        try:
            _arrange(descriptors)
            seal.seal_child(program=self.program, cpu_s=cpu_s, address_space_bytes=address_space_bytes)
            code = 82
            serve = child.serve
            # A student's helper module may have any of our names.
            for name in preload.OURS:
                sys.modules.pop(name, None)
            serve(REQUEST, REPLY)
            code = 0
        finally:
            os._exit(code)

    def _reap(self, watch: int) -> None:
        job = self.watched.pop(watch)
        self.poller.unregister(watch)
        os.close(watch)
        _pid, status, usage = os.wait4(self.jobs.pop(job), 0)
        used = (usage.ru_utime + usage.ru_stime, int(usage.ru_maxrss))
        self.control.send(codec.encode(("exit", job, status, *used)))


def _arrange(descriptors: list[int]) -> None:
    """Put request, reply and output where the child expects them, and close everything else."""
    request, reply, output = (os.dup2(descriptor, 64 + index) for index, descriptor in enumerate(descriptors))
    os.dup2(request, REQUEST)
    os.dup2(reply, REPLY)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.closerange(REPLY + 1, 1 << 16)


def _connect(argument: str) -> socket.socket:
    """Take over the inherited control socket, or, in a container, listen for the grader at a path and accept it once."""
    if argument.isdigit():
        return socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET, fileno=int(argument))
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(argument)
    # The grader is another user; who may come here at all is decided by the folder around the one that it mounted.
    os.chmod(argument, 0o666)  # noqa: S103
    listener.listen(1)
    listener.settimeout(ACCEPT_S)
    with listener:
        control, _address = listener.accept()
    control.settimeout(None)
    return control


def main(argument: str, extra: list[str]) -> None:
    """Warm up, seal, say hello, serve."""
    listening = not argument.isdigit()
    control = None if listening else _connect(argument)
    missing = preload.preload(extra)
    fingerprint = preload.fingerprint()
    if control is None:
        control = _connect(argument)
    zygote = Zygote(control)
    # Lets the pages of the warm heap stay shared between children.
    gc.collect()
    gc.freeze()
    sys.path[:] = []
    layers = zygote.seal_self()
    control.send(codec.encode(("hello", fingerprint, sys.version.split()[0], np.__version__, layers, tuple(missing))))
    zygote.run()
    # Not by the interpreter's own end, which takes 15 ms to tidy a heap that nobody needs, while the grader waits.
    os._exit(0)
