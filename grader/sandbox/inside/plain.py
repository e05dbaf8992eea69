"""A worker for one's own code, where the kernel offers no seal: one process a job, with what limits the system has.

It speaks the protocol of the sealed child over its standard streams, which it takes away from the student's code first.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import numpy as np

# Inside a worker the folder of this file is on the path; on the trusted side it is a package.
if TYPE_CHECKING or __package__:
    from . import child, codec, preload
else:
    import child
    import codec
    import preload

if sys.platform == "win32":
    import msvcrt
else:
    # Here and not where it is used: by then nothing can be imported.
    import resource

HEADER_BYTES = 4


def main(_argument: str, extra: list[str]) -> None:
    """Take the streams, warm up, say hello, take the limits of the job, serve."""
    request, reply = _take_streams()
    missing = preload.preload(extra)
    _send(reply, codec.encode(("hello", sys.version.split()[0], np.__version__, tuple(missing))))
    length = int.from_bytes(os.read(request, HEADER_BYTES), "little")
    if not length:
        return
    # No file of a library can be imported any more, as in a sealed child, so that code behaves here as it will there.
    sys.path[:] = []
    _limit(*codec.decode(os.read(request, length)))
    serve = child.serve
    for name in preload.OURS:
        sys.modules.pop(name, None)
    serve(request, reply)


def _take_streams() -> tuple[int, int]:
    """Keep the standard streams for the protocol; give student's code an empty one to read, and one to print to."""
    request, reply = os.dup(0), os.dup(1)
    if sys.platform == "win32":
        for descriptor in (request, reply):
            msvcrt.setmode(descriptor, os.O_BINARY)
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    os.dup2(2, 1)
    return request, reply


def _send(reply: int, payload: bytes) -> None:
    # Short enough for one write into an empty pipe.
    os.write(reply, len(payload).to_bytes(HEADER_BYTES, "little") + payload)


def _limit(cpu_s: int, address_space_bytes: int) -> None:
    if sys.platform == "win32":
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
    # macOS has the limit and does not keep it; to set it there below what is mapped already fails.
    if sys.platform != "darwin":
        resource.setrlimit(resource.RLIMIT_AS, (address_space_bytes, address_space_bytes))
