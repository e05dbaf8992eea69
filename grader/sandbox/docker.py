"""The Docker sandbox: a zygote in a warm, hardened container. The grader and all that is hidden stay on this machine.

A container a submission would cost a fifth of a second each; one container a sandbox costs as much once. The grader drives the
zygote inside by a socket in a folder that both see, and hands it the ends of pipes, so every byte goes straight to the child.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import socket
import struct
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from grader.errors import SandboxError
from grader.model import Ending, Job, Layers, Run
from grader.sandbox.client import Hello, ZygoteClient
from grader.sandbox.launch import ELSEWHERE, ENVIRONMENT, command, require_modules
from grader.sandbox.progress import BASE_MEMORY_BYTES

IMAGE_VARIABLE = "LAYERWISE_SANDBOX_IMAGE"
# The first that the engine has; `:local` is what CI builds from a base image of its own, and no registry has it.
DEFAULT_IMAGES = ("layerwise-sandbox:local", "layerwise-sandbox")
BUILD = "docker build --target sandbox -t layerwise-sandbox ."

START_S = 30.0
LEAVE_S = 5.0
RETRY_S = 0.005
LOOK_S = 0.25
# Above the address space of one child, for the zygote: without it the kernel, short of memory, might choose to end that one.
ZYGOTE_BYTES = 128 << 20
# Inside the image. See the Dockerfile.
INSIDE, PACKAGES, CONTROL = "/opt/layerwise/inside", "/opt/layerwise/packages", "/ctl"
SOCKET = "zygote.sock"
USER_ID = 10001


class DockerSandbox:
    """A container with a zygote that forks a sealed child for every job.

    Parameters
    ----------
    image
        What to run. None: what the environment variable ``LAYERWISE_SANDBOX_IMAGE`` names, or else the first of
        ``DEFAULT_IMAGES`` that the engine has. No image is ever pulled.
    extra_modules
        What a course lets submissions import beside NumPy; the image has to hold it.
    memory_mib
        The most that any job may use. A job that asks for more is given this.
    start_s
        How long the container may take until it can be talked to.

    Raises
    ------
    SandboxError
        With the remedy, if there is no engine or image, or the container does not start. That the zygote inside is not ours, or
        cannot seal its children, is found out at the first use.
    """

    def __init__(
        self, image: str | None = None, *, extra_modules: tuple[str, ...] = (), memory_mib: int = 1024, start_s: float = START_S
    ) -> None:
        if not sys.platform.startswith("linux"):
            raise SandboxError(
                f"the docker sandbox needs an engine that shares this machine's kernel, and this is {sys.platform}",
                remedy=ELSEWHERE,
            )
        self._extra = extra_modules
        self._memory_mib = memory_mib
        self._start_s = start_s
        self._name = ""
        self._folder: Path | None = None
        self._client: ZygoteClient | None = None
        self._hello: Hello | None = None
        self._engine = connect_engine()
        try:
            self._image = find_image(self._engine, image)
            self._start()
        except BaseException:
            self._engine.close()
            raise

    @property
    def container(self) -> Any:
        """The container, as the docker package shows it."""
        return self._engine.containers.get(self._name)

    @property
    def layers(self) -> Layers:
        """What protects us, as the zygote has proved by doing."""
        hello = self._greet()
        return Layers(sandbox="docker", seccomp=True, landlock_abi=hello.landlock_abi, rlimits=True, uid_dropped=True, container=True)

    @property
    def versions(self) -> tuple[str, str]:
        """The versions of Python and NumPy in the image."""
        hello = self._greet()
        return hello.python, hello.numpy

    def run(self, job: Job) -> Run:
        """Run one job in a child of its own, inside the container."""
        self._greet()
        if self._client is None:
            return Run(replies=(), ending=Ending.LOST)
        limits = replace(job.limits, memory_mib=min(job.limits.memory_mib, self._memory_mib))
        return self._client.run(replace(job, limits=limits))

    def restart(self) -> None:
        """Replace a container that was lost."""
        self._stop()
        self._start()

    def close(self) -> None:
        """Remove the container and wait until it is gone. A second call does nothing."""
        self._stop()
        self._engine.close()

    def __enter__(self) -> DockerSandbox:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _start(self) -> None:
        # Named by us and before it is there, so that it can be removed whatever interrupts its creation.
        self._name = f"layerwise-{secrets.token_hex(8)}"
        try:
            # 0700: of all users of this machine, only we reach the socket, which the container's user has to be able to make.
            self._folder = Path(tempfile.mkdtemp(prefix="layerwise-"))
            control = self._folder / "ctl"
            control.mkdir()
            control.chmod(0o777)
            self._engine.containers.run(
                self._image, name=self._name, **container_settings(control, memory_mib=self._memory_mib, extra=self._extra)
            )
        except BaseException as error:
            self._stop()
            if isinstance(error, engine_errors()):
                raise SandboxError(
                    f"the engine cannot start a container of {self._image}: {_first_line(error)}",
                    remedy=f"Build the image again ({BUILD}), then run `grade doctor`.",
                ) from error
            raise

    def _stop(self) -> None:
        # The zygote, and with it the container, ends when its control socket closes; the engine then removes it.
        connected = self._client is not None
        if self._client is not None:
            self._client.close()
        self._client = self._hello = None
        _remove(self._engine, self._name, wait_first=connected)
        self._forget_folder()

    def _forget_folder(self) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _greet(self) -> Hello:
        if self._hello is None:
            from grader.sandbox.inside import preload

            try:
                self._client = ZygoteClient(*self._connect())
                hello = self._client.greet(sandbox="docker", fingerprint=preload.fingerprint())
                remedy = f"Build an image on top of {self._image} that holds it, and name it by {IMAGE_VARIABLE}."
                require_modules(self._extra, hello.missing, sandbox="docker", remedy=remedy)
            except BaseException:
                self._stop()
                raise
            # The connection is all that is needed from now on: nothing is left on the disk even if we are killed.
            self._forget_folder()
            self._hello = hello
        return self._hello

    def _connect(self) -> tuple[socket.socket, int]:
        """Connect to the zygote as soon as it listens; give its process as well, by the number that it has here."""
        if self._folder is None:
            raise SandboxError("the docker sandbox is closed", remedy="Open another one.")
        path = str(self._folder / "ctl" / SOCKET)
        give_up = time.monotonic() + self._start_s
        look = time.monotonic() + LOOK_S
        while True:
            control = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            try:
                control.connect(path)
                pid = _refuse_root(control)
            except (FileNotFoundError, ConnectionRefusedError, PermissionError) as error:
                control.close()
                now = time.monotonic()
                if now > give_up:
                    raise SandboxError(
                        f"the container of {self._image} could not be talked to within {self._start_s:g} s",
                        remedy="The engine must run on this machine, not in a virtual machine or elsewhere. Run `grade doctor`.",
                    ) from error
                if now > look:
                    self._require_alive()
                    look = now + LOOK_S
                time.sleep(RETRY_S)
            except BaseException:
                control.close()
                raise
            else:
                return control, pid

    def _require_alive(self) -> None:
        import docker

        try:
            alive = self.container.status in ("created", "running")
        except docker.errors.NotFound:
            alive = False
        if not alive:
            raise SandboxError(
                f"the container of {self._image} ended while it was starting: the image holds no worker of this version",
                remedy=f"Build it: {BUILD}",
            )


def engine_errors() -> tuple[type[Exception], ...]:
    """What the docker package raises: its own errors, and those of the HTTP client below it, which are OSErrors."""
    import docker

    return (docker.errors.DockerException, OSError)


def connect_engine() -> Any:
    """Connect to the engine that ``DOCKER_HOST`` names, or to the one of this machine."""
    try:
        import docker
    except ImportError as error:
        raise SandboxError("the Python package `docker` is not installed", remedy="Install it: python -m pip install docker") from error
    try:
        engine = docker.from_env()
    except engine_errors() as error:
        _release(error)
        raise _no_engine(error) from error
    try:
        engine.ping()
    except BaseException as error:
        engine.close()
        if isinstance(error, engine_errors()):
            raise _no_engine(error) from error
        raise
    return engine


def _release(error: BaseException) -> None:
    """Close what a failed connection has left open: the package leaves its socket to the garbage collector, which complains."""
    link: BaseException | None = error
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        while link is not None:
            traceback.clear_frames(link.__traceback__)
            link = link.__cause__ or link.__context__


def _no_engine(error: BaseException) -> SandboxError:
    return SandboxError(
        f"no Docker engine answers: {_first_line(error)}",
        remedy="Start Docker and see to it that you may use it (`docker info` must work), or use `--sandbox process`.",
    )


def find_image(engine: Any, image: str | None) -> str:
    """Give the name of the image to run, which the engine must have: to pull one unasked would run somebody else's code."""
    import docker

    named = image or os.environ.get(IMAGE_VARIABLE, "")
    candidates: Sequence[str] = (named,) if named else DEFAULT_IMAGES
    for candidate in candidates:
        try:
            engine.images.get(candidate)
        except docker.errors.NotFound:
            continue
        except engine_errors() as error:
            raise SandboxError(
                f"the engine does not take {candidate!r} for an image: {_first_line(error)}", remedy=f"Correct {IMAGE_VARIABLE}."
            ) from error
        return candidate
    raise SandboxError(
        f"the engine has no image {' or '.join(candidates)}",
        remedy=f"Build it in the folder of Layerwise's sources: {BUILD}",
    )


def container_settings(control: Path, *, memory_mib: int, extra: tuple[str, ...]) -> dict[str, Any]:
    """What the container is given, and what is taken from it, beside the seal of every child inside."""
    from docker.types import LogConfig, Ulimit

    memory = (memory_mib << 20) + BASE_MEMORY_BYTES + ZYGOTE_BYTES
    return {
        "entrypoint": ["python"],
        "command": command(INSIDE, PACKAGES, f"{CONTROL}/{SOCKET}", extra),
        # The same as on this machine, so that a grade does not depend on where it was given; but the image knows its own path.
        "environment": {name: value for name, value in ENVIRONMENT.items() if name != "PATH"},
        "working_dir": "/",
        "user": f"{USER_ID}:{USER_ID}",
        "volumes": {str(control): {"bind": CONTROL, "mode": "rw"}},
        "detach": True,
        "auto_remove": True,
        "network_mode": "none",
        "read_only": True,
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges"],
        # Without it, one container's /dev/shm and message queues would carry notes from one student to the next.
        "ipc_mode": "none",
        "pids_limit": 32,
        "mem_limit": memory,
        "memswap_limit": memory,
        "nano_cpus": 1_000_000_000,
        "ulimits": [Ulimit(name="core", soft=0, hard=0), Ulimit(name="nofile", soft=256, hard=256)],
        # The engine's own log of a container is a file without bounds.
        "log_config": LogConfig(type="none"),
    }


def _refuse_root(control: socket.socket) -> int:
    """The process behind a socket. Raises SandboxError if it runs as root."""
    pid, user, _group = struct.unpack("3i", control.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
    # Not compared with USER_ID: an engine with user namespaces maps it to another one.
    if user == 0:
        raise SandboxError("the worker in the container runs as root", remedy="Run `grade doctor`; look at the engine's settings.")
    return int(pid)


def _remove(engine: Any, name: str, *, wait_first: bool) -> None:
    """See to it that no container of this name is there."""
    import docker

    give_up = time.monotonic() + 2 * LEAVE_S
    with contextlib.suppress(*engine_errors()):
        if wait_first:
            engine.api.wait(name, timeout=LEAVE_S, condition="removed")
    while time.monotonic() < give_up:
        try:
            engine.api.remove_container(name, v=True, force=True)
        except docker.errors.NotFound:
            return
        except engine_errors():
            # The engine refuses while it is removing the container itself.
            time.sleep(0.02)


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
