"""Scripts that run in a sealed child: what each attempt came to."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from grader.sandbox.inside import seal

INSIDE = Path(seal.__file__).parent
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="needs a Linux kernel to seal a process of")
ROOT = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root has a user id to drop")
NOBODY = 65534
SCRIPT = r"""
import ctypes, errno, json, mmap, os, resource, select, signal, socket, subprocess, sys, threading, time
folder, mode, names = sys.argv[1], json.loads(sys.argv[2]), json.loads(sys.argv[3])
sys.path.insert(0, folder)
import seal

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
executable = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
reading, writing = os.pipe()

def check(result):
    if result == -1:
        raise OSError(ctypes.get_errno(), "libc")

def call(number, *arguments):
    check(libc.syscall(*[ctypes.c_ulong(value) for value in (number, *arguments)]))

def fork():
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)

def thread():
    started = threading.Thread(target=int)
    started.start()
    started.join()

def execve():
    os.set_inheritable(writing, True)
    os.execve("/bin/sh", ["sh", "-c", f"echo done >&{writing}"], {})

def machine_code(*code):
    executable.seek(0)
    executable.write(bytes(code))
    ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(executable)))()

def burn():
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    while time.process_time() < 1.3:
        pass

def tiny_allocations():
    kept = [bytes(100) for _ in range(200_000)]
    del kept

def clock_of(pid):
    time.clock_gettime(((~pid) << 3) | 2)

ATTEMPTS = {
    "open": lambda: os.open("/", os.O_RDONLY),
    "open_own_descriptor": lambda: os.open(f"/proc/self/fd/{reading}", os.O_RDONLY),
    "stat": lambda: os.stat("/"),
    "access": lambda: check(libc.access(b"/", 0)),
    "readlink": lambda: os.readlink("/proc/self/exe"),
    "listdir": lambda: os.listdir("/"),
    "getcwd": os.getcwd,
    "import_from_a_file": lambda: __import__("colorsys"),
    "fork": fork,
    "vfork": lambda: subprocess.run(["/bin/true"]),
    "thread": thread,
    "clone3": lambda: call(435, 0, 0),
    "execve": execve,
    "socket": socket.socket,
    "socketpair": socket.socketpair,
    "kill": lambda: os.kill(os.getppid(), 0),
    "memfd_create": lambda: os.memfd_create("notes"),
    "shmget": lambda: check(libc.shmget(0, ctypes.c_size_t(4096), 0o1600)),
    "pipe": os.pipe,
    "dup": lambda: os.dup(reading),
    "make_nonblocking": lambda: os.set_blocking(reading, False),
    "lower_a_limit": lambda: resource.setrlimit(resource.RLIMIT_NOFILE, resource.getrlimit(resource.RLIMIT_NOFILE)),
    "read_limit_of_parent": lambda: resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE),
    "cpu_clock_of_parent": lambda: clock_of(os.getppid()),
    "affinity_of_parent": lambda: os.sched_getaffinity(os.getppid()),
    "prctl": lambda: check(libc.prctl(4, 1, 0, 0, 0)),
    "setitimer": lambda: signal.setitimer(signal.ITIMER_REAL, 100),
    "personality": lambda: call(135 if os.uname().machine == "x86_64" else 92, 0xFFFFFFFF),
    "ptrace": lambda: check(libc.ptrace(0, 0, 0, 0)),
    "chmod": lambda: os.chmod("/", 0o755),
    "memory": lambda: bytes(2 << 30),
    "shared_memory": lambda: mmap.mmap(-1, 2 << 30),
    "int80": lambda: machine_code(0xB8, 20, 0, 0, 0, 0xCD, 0x80, 0xC3),
    "x32": lambda: libc.syscall(ctypes.c_ulong(0x40000000 | 39)),
    "burn": burn,
    "sleep": lambda: time.sleep(0.001),
    "clocks": lambda: (time.time(), time.monotonic(), time.process_time(), time.thread_time(), time.perf_counter(), os.times()),
    "entropy": lambda: os.urandom(16),
    "ids": lambda: (os.getpid(), os.getppid(), os.getuid(), os.getgid(), threading.get_native_id()),
    "handler": lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    "poll": lambda: (select.poll().poll(0), select.select([reading], [], [], 0)),
    "read_a_limit": lambda: resource.getrlimit(resource.RLIMIT_AS),
    "usage": lambda: resource.getrusage(resource.RUSAGE_SELF),
    "own_affinity": lambda: os.sched_getaffinity(0),
    "stream": lambda: open(writing, "w", closefd=False).flush(),
    "tiny_allocations": tiny_allocations,
    "64_mib": lambda: bytearray(b"x") * (64 << 20),
    "lock": lambda: threading.Lock().acquire(timeout=0.001),
}

def outcome(attempt):
    try:
        attempt()
    except BaseException as error:
        number = getattr(error, "errno", None)
        return " ".join([type(error).__name__, *([errno.errorcode[number]] if number else [])])
    return "done"

def in_a_child(attempt):
    pid = os.fork()
    if pid == 0:
        try:
            if mode["sealed"]:
                seal.seal_child(program=program, cpu_s=1, address_space_bytes=1 << 30)
            os.write(writing, outcome(attempt).encode())
        finally:
            os._exit(0)
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return f"killed {os.WTERMSIG(status)}"
    return os.read(reading, 1000).decode().strip()

if mode["sealed"]:
    if mode["landlock_cap"] is not None:
        seal.landlock_abi = lambda: mode["landlock_cap"]
    program = seal.prepare_filter()
    seal.seal_zygote(drop_to=mode["drop_to"])
sys.stdout.write(json.dumps({name: in_a_child(ATTEMPTS[name]) for name in names}))
"""

REFUSED = [
    *("open", "open_own_descriptor", "stat", "access", "readlink", "listdir", "getcwd", "fork", "execve", "socket", "socketpair"),
    *("kill", "memfd_create", "shmget", "pipe", "dup", "make_nonblocking", "read_limit_of_parent", "cpu_clock_of_parent"),
    *("affinity_of_parent", "prctl", "personality", "ptrace", "chmod", "vfork"),
]
# Each with what the sealed child is told instead of EPERM, and what the unsealed one is.
OTHERWISE = {
    "import_from_a_file": ("ModuleNotFoundError", "done"),
    "thread": ("RuntimeError", "done"),
    "clone3": ("OSError ENOSYS", "OSError EINVAL"),  # the kernel finds an argument of no size
    "lower_a_limit": ("ValueError", "done"),  # what the resource module makes of EPERM
    "setitimer": ("itimer_error EPERM", "done"),
    "memory": ("MemoryError", "done"),
    "shared_memory": ("OSError ENOMEM", "done"),
    "burn": (f"killed {int(signal.SIGKILL)}", "done"),
    "x32": ("killed 31", "done"),  # SIGSYS
}
WORKING = [
    *("sleep", "clocks", "entropy", "ids", "handler", "poll", "read_a_limit", "usage", "own_affinity", "stream", "tiny_allocations"),
    *("64_mib", "lock"),
]
UNSEALED = {"sealed": False, "landlock_cap": None, "drop_to": None}
MODES = {
    "all locks": {"sealed": True, "landlock_cap": None, "drop_to": None},
    "no Landlock": {"sealed": True, "landlock_cap": 0, "drop_to": None},
    "Landlock of 2021": {"sealed": True, "landlock_cap": 1, "drop_to": None},
    "uid dropped": {"sealed": True, "landlock_cap": None, "drop_to": NOBODY},
}
SYSTEM_PYTHON = "/usr/bin/python3"


def run_script(script: str, *arguments: str, interpreter: str = sys.executable, **options) -> str:
    environment = {"PATH": "/usr/bin:/bin", "OPENBLAS_NUM_THREADS": "1"}
    command = [interpreter, "-I", "-c", script, str(INSIDE), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment, check=False, **options)
    assert done.returncode == 0, done.stderr
    return done.stdout


@cache
def outcomes(mode: str, interpreter: str) -> dict[str, str]:
    names = [*REFUSED, *OTHERWISE, *WORKING]
    return json.loads(run_script(SCRIPT, json.dumps(MODES.get(mode, UNSEALED)), json.dumps(names), interpreter=interpreter))


def usable(interpreter: str) -> str:
    if not Path(interpreter).exists():
        pytest.skip(f"no {interpreter} here")
    return interpreter


interpreters = pytest.mark.parametrize("interpreter", [sys.executable, SYSTEM_PYTHON], ids=["this python", "system python"])
modes = pytest.mark.parametrize("mode", [pytest.param(mode, marks=ROOT if settings["drop_to"] else ()) for mode, settings in MODES.items()])
