"""Grade on a Dask cluster: the same tasks and the same results as on one machine. What the cluster loses is asked for again.

Every worker gets the course itself (see ``grader.batch.bundle``) and opens a sandbox of its own. Only workers and the batch hold the
hidden side.
"""

from __future__ import annotations

import contextlib
import logging
import secrets
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from grader.batch.bundle import Bundle, pack_course, unpack_course
from grader.batch.worker import Worker, WorkerOptions
from grader.catalog import load_course
from grader.classwork import Done, Task
from grader.errors import ExitCode, LayerwiseError

# Tasks in flight for every thread of the cluster: enough that none waits for the network, few enough that the batch stays small.
AHEAD = 3
CONNECT_S = 30.0
# How long a scheduler that has gone may stay away before the batch ends; it can be run again at any time.
ABSENCE_S = 300.0
TRIES = 3
# How often the source is asked for more while the cluster has room.
LOOK_EVERY_S = 0.1


class ClusterError(LayerwiseError):
    """The cluster cannot be reached, or does not come back."""

    exit_code = ExitCode.NO_SANDBOX


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """The files of a TLS connection: the authority, our certificate and its key."""

    ca: str
    certificate: str
    key: str


class ClusterPool:
    """The workers of a Dask cluster. Not for use by several threads."""

    def __init__(self, options: WorkerOptions, address: str, security: Security | None = None, absence_s: float = ABSENCE_S) -> None:
        self.options = options
        self.address = address
        self.security = security
        self.absence_s = absence_s
        self._bundle = pack_course(load_course(options.course_root))
        self._client: Any = None
        self._connect(CONNECT_S)

    @property
    def is_private(self) -> bool:
        """Whether nobody on the way can read the hidden side: it is encrypted, or never leaves this machine."""
        host = urlsplit(self.address).hostname or ""
        return self.address.startswith("tls://") or host in ("localhost", "::1") or host.startswith("127.")

    def run(self, tasks: Iterable[Task]) -> Iterator[Done]:
        """Grade `tasks`; results come in the order in which the cluster gives them.

        Raises
        ------
        ClusterError
            If the scheduler stays away for longer than ``absence_s``, or the workers have another version of Layerwise.
        """
        source = iter(tasks)
        flight = _Flight()
        while True:
            try:
                yield from self._fly(source, flight)
            except _gone() as error:
                self._reconnect(error)
                continue
            return

    def close(self) -> None:
        """Leave the cluster as it was."""
        if self._client is not None:
            with contextlib.suppress(*_gone()):
                self._client.close(timeout=5)
            self._client = None

    def _fly(self, source: Iterator[Task], flight: _Flight) -> Iterator[Done]:
        """Keep the cluster supplied until nothing is left, with what was in flight when a scheduler was lost to begin with."""
        from distributed import as_completed

        bundle = self._client.scatter(self._bundle, broadcast=True, hash=False)
        futures: dict[Any, Task] = {}
        landed: Any = as_completed(loop=self._client.loop)  # type: ignore[no-untyped-call]  # it is not annotated

        def send(task: Task) -> None:
            future = self._client.submit(grade_on_cluster, bundle, self.options, task, key=f"{flight.name}-{flight.next()}", pure=False)
            futures[future] = task
            landed.add(future)

        for task in flight.pending.values():
            send(task)
        while True:
            while len(futures) < self._room():
                fresh = next(source, None)
                if fresh is None:
                    break
                flight.pending[fresh.number] = fresh
                send(fresh)
            if not futures:
                return
            if len(futures) < self._room() and not landed.has_ready():
                # Something may have come meanwhile, such as an upload, which need not wait for what is under way.
                time.sleep(LOOK_EVERY_S)
                continue
            future = next(landed)
            task = futures.pop(future)
            done = self._landed(future, task, flight)
            if done is None:
                send(task)
                continue
            del flight.pending[task.number]
            yield done

    def _landed(self, future: Any, task: Task, flight: _Flight) -> Done | None:
        """The result of a task; None if it is to be asked for again."""
        if future.status == "cancelled":
            raise ConnectionError("the scheduler has lost a task")
        error = future.exception()
        if error is None:
            done: Done = future.result()
            return done
        if isinstance(error, LayerwiseError):
            raise error
        flight.deaths[task.number] = flight.deaths.get(task.number, 0) + 1
        if flight.deaths[task.number] < TRIES:
            return None
        return Done(number=task.number, lost=f"The cluster could not grade this: {type(error).__name__}; no mark was given.")

    def _room(self) -> int:
        """How many tasks the cluster is given at once. Workers may come and go; with none, one task waits for the first."""
        if self._client.status != "running":
            raise ConnectionError("the client has given up its scheduler")
        workers = self._client.scheduler_info(n_workers=-1)["workers"].values()
        return max(1, AHEAD * sum(int(worker["nthreads"]) for worker in workers))

    def _connect(self, wait_s: float) -> None:
        from distributed import Client

        # It says itself, with a traceback, what _reconnect says in a sentence.
        logging.getLogger("distributed").setLevel(logging.CRITICAL + 1)
        try:
            how = {"timeout": wait_s, "security": self._dask_security(), "set_as_default": False}
            self._client = Client(self.address, **how)  # type: ignore[no-untyped-call]  # it is not annotated
        except (OSError, ValueError, ImportError) as error:
            raise ClusterError(
                f"there is no Dask scheduler at {self.address}", remedy="Start one with `dask scheduler`; docs/cluster.md says how."
            ) from error

    def _dask_security(self) -> Any:
        if self.security is None:
            return None
        from distributed import Security as DaskSecurity

        paths = self.security
        files = {"tls_ca_file": paths.ca, "tls_client_cert": paths.certificate, "tls_client_key": paths.key}
        return DaskSecurity(require_encryption=True, **files)  # type: ignore[no-untyped-call]  # it is not annotated

    def _reconnect(self, error: BaseException) -> None:
        """Wait for the scheduler to come back. It has forgotten everything, which is nothing that the store does not have."""
        self.close()
        until = time.monotonic() + self.absence_s
        while True:
            try:
                self._connect(min(CONNECT_S, self.absence_s))
            except ClusterError:
                if time.monotonic() > until:
                    raise ClusterError(
                        f"the Dask scheduler at {self.address} is gone",
                        remedy="What was graded is kept. Start the scheduler again and give the same command.",
                    ) from error
                time.sleep(1)
            else:
                return


@dataclass(slots=True)
class _Flight:
    """What has been asked for and is not back, and how often the cluster has failed at a task."""

    name: str = field(default_factory=lambda: f"layerwise-{secrets.token_hex(6)}")
    pending: dict[int, Task] = field(default_factory=dict)
    deaths: dict[int, int] = field(default_factory=dict)
    _count: int = 0

    def next(self) -> int:
        """A number for the next request: one that was lost is another one when it is made again."""
        self._count += 1
        return self._count


def _gone() -> tuple[type[BaseException], ...]:
    """What is raised when the scheduler is not there."""
    from concurrent.futures import CancelledError

    from distributed.comm.core import CommClosedError

    return (OSError, TimeoutError, CommClosedError, CancelledError)


# ------------------------------------------------------------------------------------------------------------- on the cluster's side

# The one thing that lives from task to task in a worker process: Dask gives a task no other place to keep a warm sandbox.
_IDLE: dict[tuple[str, WorkerOptions], list[Worker]] = {}
_LOCK = threading.Lock()


def grade_on_cluster(bundle: Bundle, options: WorkerOptions, task: Task) -> Done:
    """Grade one submission on whatever machine this is. A worker with its sandbox stays for the next one; each thread has its own."""
    key = (bundle.digest, options)
    with _LOCK:
        idle = _IDLE.setdefault(key, [])
        worker = idle.pop() if idle else None
    if worker is None:
        worker = Worker(options, unpack_course(bundle))
    try:
        return worker.grade(task)
    finally:
        with _LOCK:
            idle.append(worker)
