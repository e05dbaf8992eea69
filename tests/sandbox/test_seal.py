from __future__ import annotations

import errno
import json
import os
import re
import signal
import struct
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.sandbox.inside import bpf, seal
from grader.sandbox.inside.bpf import Architecture

INSIDE = Path(seal.__file__).parent
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="needs a Linux kernel to seal a process of")
ROOT = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root has a user id to drop")
NOBODY = 65534

EPERM, ENOSYS = bpf.ERRNO | errno.EPERM, bpf.ERRNO | errno.ENOSYS
AUDIT = {Architecture.X86_64: 0xC000003E, Architecture.AARCH64: 0xC00000B7}  # AUDIT_ARCH_* of linux/audit.h


# The filter as data, on any machine.


def verdict(program: bytes, arch: int, number: int, *arguments: int) -> int:
    """What the kernel would answer: classic BPF over struct seccomp_data, as far as the filter uses it."""
    padded = [*arguments, 0, 0, 0, 0, 0, 0][:6]
    data = struct.pack("<IIQ6Q", number, arch, 0, *padded)
    instructions = list(struct.iter_unpack("<HBBI", program))
    accumulator = place = 0
    while True:
        code, if_true, if_false, constant = instructions[place]
        place += 1
        if code == 0x20:  # BPF_LD | BPF_W | BPF_ABS
            (accumulator,) = struct.unpack_from("<I", data, constant)
        elif code == 0x15:  # BPF_JMP | BPF_JEQ | BPF_K
            place += if_true if accumulator == constant else if_false
        elif code == 0x35:  # BPF_JMP | BPF_JGE | BPF_K
            place += if_true if accumulator >= constant else if_false
        elif code == 0x06:  # BPF_RET | BPF_K
            return constant
        else:
            raise AssertionError(f"instruction {code:#x} is not one that the kernel's checker was counted on to take")


PROGRAMS = {architecture: bpf.assemble(architecture) for architecture in Architecture}


def answer(architecture: Architecture, name: str, *arguments: int) -> int:
    number = bpf.CALLS[name].number(architecture)
    assert number is not None
    return verdict(PROGRAMS[architecture], AUDIT[architecture], number, *arguments)


@cache
def header_numbers(architecture: Architecture) -> dict[str, int]:
    """The numbers in the machine's kernel headers; aarch64 uses the generic table, which is installed everywhere."""
    pattern = "asm-generic/unistd.h" if architecture is Architecture.AARCH64 else "asm/unistd_64.h"
    found = [path for folder in (".", "*-linux-gnu") for path in Path("/usr/include").glob(f"{folder}/{pattern}")]
    if not found:
        pytest.skip(f"no kernel headers here ({pattern})")
    defined = re.findall(r"^#define __NR(?:3264)?_(\w+)\s+(\d+)\s*$", found[0].read_text(), re.MULTILINE)
    return {name: int(number) for name, number in defined if name not in ("syscalls", "arch_specific_syscall")}


# Written out again on purpose: a call that slips into the table must be met here by somebody who asks why.
ALLOWED = {
    *("read", "write", "readv", "writev", "close", "lseek", "mmap", "mprotect", "munmap", "mremap", "madvise", "brk", "rt_sigaction"),
    *("rt_sigprocmask", "rt_sigreturn", "sigaltstack", "futex", "set_robust_list", "rseq", "poll", "ppoll", "select", "pselect6"),
    *("clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time", "times", "getpid", "getppid", "gettid"),
    *("getuid", "geteuid", "getgid", "getegid", "getrandom", "getrusage", "sysinfo", "uname", "sched_getaffinity", "sched_yield"),
    *("getcpu", "membarrier", "exit", "exit_group", "restart_syscall", "fstat", "prlimit64"),
}
ONLY_WITH_SOME_ARGUMENTS = {"fcntl", "ioctl"}  # with every argument zero they duplicate a descriptor, or mean nothing
both_architectures = pytest.mark.parametrize("architecture", list(Architecture))


@both_architectures
def test_the_call_table_agrees_with_the_kernel_headers(architecture):
    headers = header_numbers(architecture)

    ours = {name: call.number(architecture) for name, call in bpf.CALLS.items()}

    assert {name: number for name, number in ours.items() if number is not None} == {
        name: headers[name] for name in ours if name in headers
    }


@both_architectures
def test_of_every_call_in_the_headers_only_the_listed_ones_are_let_through(architecture):
    program = PROGRAMS[architecture]
    headers = header_numbers(architecture)

    answers = {name: verdict(program, AUDIT[architecture], number) for name, number in headers.items()}

    assert {name for name, action in answers.items() if action == bpf.ALLOW} == ALLOWED & set(headers)
    assert {name for name, action in answers.items() if action == ENOSYS} == {"clone3"}
    assert {action for name, action in answers.items() if name not in ALLOWED | {"clone3"}} == {EPERM}


def test_every_conditional_call_is_refused_without_its_argument():
    refused = {name for name, call in bpf.CALLS.items() if call.only and answer(Architecture.X86_64, name) == EPERM}

    assert refused == ONLY_WITH_SOME_ARGUMENTS


@both_architectures
@given(number=st.integers(0, 2**32 - 1), arguments=st.lists(st.integers(0, 2**64 - 1), max_size=6))
def test_a_number_outside_the_table_is_never_let_through(architecture, number, arguments):
    listed = {call.number(architecture) for call in bpf.CALLS.values()}

    action = verdict(PROGRAMS[architecture], AUDIT[architecture], number, *arguments)

    assert number in listed or action in (EPERM, ENOSYS, bpf.KILL_PROCESS)


@both_architectures
def test_a_call_from_another_architecture_kills_the_process(architecture):
    program = PROGRAMS[architecture]
    i386, arm, s390x = 0x40000003, 0x40000028, 0x80000016
    foreign = [i386, arm, s390x, *(audit for other, audit in AUDIT.items() if other is not architecture)]

    assert {verdict(program, arch, number) for arch in foreign for number in range(600)} == {bpf.KILL_PROCESS}


@both_architectures
def test_x32_numbers_kill_the_process(architecture):
    program = PROGRAMS[architecture]
    read_of_x32, last = 0x40000000, 0xFFFFFFFF

    assert {verdict(program, AUDIT[architecture], number) for number in (read_of_x32, 0x40000001, last)} == {bpf.KILL_PROCESS}
    assert verdict(program, AUDIT[architecture], 0x3FFFFFFF) == EPERM


@both_architectures
@pytest.mark.parametrize(
    ("name", "arguments", "allowed"),
    [
        ("fcntl", (5, 1), True),  # F_GETFD
        ("fcntl", (2**32 - 1, 3), True),  # F_GETFL; the descriptor is not looked at
        ("fcntl", (5, 0), False),  # F_DUPFD
        ("fcntl", (5, 4), False),  # F_SETFL
        ("fcntl", (5, 8), False),  # F_SETOWN: signals to another process
        ("fcntl", (5, 1031), False),  # F_SETPIPE_SZ
        ("fcntl", (5, 1 | 1 << 32), False),
        ("ioctl", (1, 0x5401), True),  # TCGETS, which is what isatty() asks
        ("ioctl", (1, 0x5412), False),  # TIOCSTI: types into the grader's terminal
        ("ioctl", (1, 0x5401 | 1 << 63), False),
        ("prlimit64", (0, 7, 0, 0x7FFF0000), True),  # getrlimit
        ("prlimit64", (0, 7, 0x7FFF0000, 0), False),  # setrlimit
        ("prlimit64", (0, 7, 1 << 32, 0), False),  # a pointer whose lower half is empty
        ("prlimit64", (1, 7, 0, 0x7FFF0000), False),  # another process
        ("prlimit64", (1 << 32, 7, 0, 0), False),
        ("sched_getaffinity", (0, 128, 0x7FFF0000), True),
        ("sched_getaffinity", (1, 128, 0x7FFF0000), False),
        ("clock_gettime", (2, 0x7FFF0000), True),  # CLOCK_PROCESS_CPUTIME_ID
        ("clock_gettime", (11, 0x7FFF0000), True),  # CLOCK_TAI
        ("clock_gettime", (12, 0x7FFF0000), False),
        ("clock_gettime", (((~1) << 3 | 2) % 2**32, 0x7FFF0000), False),  # the CPU clock of process 1
        ("clock_gettime", (((~1) << 3 | 2) % 2**64, 0x7FFF0000), False),
        ("clock_nanosleep", (1, 0), True),
        ("clock_nanosleep", (9, 0), False),  # CLOCK_BOOTTIME_ALARM wakes the machine
        ("madvise", (0x7FFF0000, 4096, 4), True),  # MADV_DONTNEED, which is what free() uses
        ("madvise", (0x7FFF0000, 4096, 12), False),  # MADV_MERGEABLE
        ("madvise", (0x7FFF0000, 4096, 100), False),  # MADV_HWPOISON
    ],
)
def test_arguments_are_compared_in_full(architecture, name, arguments, allowed):
    assert answer(architecture, name, *arguments) == (bpf.ALLOW if allowed else EPERM)


@both_architectures
def test_the_program_is_short_enough_for_the_kernel(architecture):
    assert len(bpf.assemble(architecture)) // 8 <= 4096  # BPF_MAXINSNS


def test_a_machine_without_a_table_is_named(monkeypatch):
    monkeypatch.setattr("platform.machine", lambda: "riscv64")

    with pytest.raises(seal.UnsupportedArchitecture, match="riscv64"):
        bpf.this_architecture()


# Real children.

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


@LINUX
@interpreters
def test_an_unsealed_child_can_do_all_of_it(interpreter):
    # The positive control: without it, an attempt that is itself broken would count as refused.
    seen = outcomes("unsealed", usable(interpreter))

    assert seen == {name: OTHERWISE[name][1] if name in OTHERWISE else "done" for name in [*REFUSED, *OTHERWISE, *WORKING]}


@LINUX
@interpreters
@modes
def test_a_sealed_child_is_refused_all_but_computing(mode, interpreter):
    seen = outcomes(mode, usable(interpreter))

    assert {name: seen[name] for name in REFUSED} == dict.fromkeys(REFUSED, "PermissionError EPERM")
    assert {name: seen[name] for name in OTHERWISE} == {name: sealed for name, (sealed, _) in OTHERWISE.items()}


@LINUX
@interpreters
@modes
def test_a_sealed_child_can_still_compute(mode, interpreter):
    seen = outcomes(mode, usable(interpreter))

    assert {name: seen[name] for name in WORKING} == dict.fromkeys(WORKING, "done")


@LINUX
@ROOT
def test_a_plain_user_can_seal_as_well():
    arguments = [json.dumps(MODES["all locks"]), json.dumps([*REFUSED, *WORKING])]

    seen = json.loads(run_script(SCRIPT, *arguments, interpreter=usable(SYSTEM_PYTHON), user=NOBODY, group=NOBODY, extra_groups=[]))

    assert seen == {**dict.fromkeys(REFUSED, "PermissionError EPERM"), **dict.fromkeys(WORKING, "done")}


@LINUX
@pytest.mark.skipif(sys.platform == "linux" and os.uname().machine != "x86_64", reason="machine code for x86_64")
def test_a_32_bit_call_from_machine_code_kills_the_child():
    free, sealed = (
        json.loads(run_script(SCRIPT, json.dumps(mode), '["int80"]'))["int80"] for mode in (UNSEALED, MODES["all locks"])
    )
    if free != "done":
        pytest.skip("this kernel takes no 32-bit calls")

    assert sealed == f"killed {int(signal.SIGSYS)}"


NUMPY_SCRIPT = r"""
import os, sys
sys.path.insert(0, sys.argv[1])
import numpy as np
import seal

def compute():
    rng = np.random.default_rng(7)
    a, b = rng.standard_normal((300, 200)), rng.standard_normal((200, 300))
    u, s, vt = np.linalg.svd(a, full_matrices=False)
    product = np.einsum("ij,jk->ik", a, b, optimize=True)
    assert np.allclose(u * s @ vt, a) and np.allclose(product, a @ b)
    return (a @ b).tobytes() + s.tobytes() + product.tobytes()

expected = compute()
program = seal.prepare_filter()
seal.seal_zygote(drop_to=int(sys.argv[2]) or None)
pid = os.fork()
if pid == 0:
    seal.seal_child(program=program, cpu_s=20, address_space_bytes=1 << 30)
    os._exit(0 if compute() == expected else 1)
assert os.waitpid(pid, 0)[1] == 0
"""


@LINUX
@pytest.mark.parametrize("drop_to", [0, pytest.param(NOBODY, marks=ROOT)])
def test_numpy_computes_the_same_inside_the_seal(drop_to):
    run_script(NUMPY_SCRIPT, str(drop_to))


LIMITS_SCRIPT = r"""
import json, os, resource, sys
sys.path.insert(0, sys.argv[1])
import seal
names = ["CPU", "AS", "STACK", "NOFILE", "SIGPENDING", "FSIZE", "NPROC", "CORE", "MEMLOCK", "MSGQUEUE"]
reading, writing = os.pipe()
held, let_go = os.pipe()
pid = os.fork()
if pid == 0:
    os.close(let_go)
    seal.seal_child(program=seal.prepare_filter(), cpu_s=3, address_space_bytes=1 << 30, file_descriptors=20, stack_bytes=1 << 23)
    os.write(writing, json.dumps({name: resource.getrlimit(getattr(resource, "RLIMIT_" + name)) for name in names}).encode())
    os.read(held, 1)
    os._exit(0)
limits = json.loads(os.read(reading, 4096))
json.dump({"limits": limits, "leads_its_session": os.getsid(pid) == pid}, sys.stdout)
"""


@LINUX
def test_every_limit_is_set_and_cannot_be_raised():
    seen = json.loads(run_script(LIMITS_SCRIPT))

    values = {"CPU": 3, "AS": 1 << 30, "STACK": 1 << 23, "NOFILE": 20, "SIGPENDING": 16}
    values |= dict.fromkeys(["FSIZE", "NPROC", "CORE", "MEMLOCK", "MSGQUEUE"], 0)
    assert seen["limits"] == {name: [value, value] for name, value in values.items()}
    assert seen["leads_its_session"]


ZYGOTE_SCRIPT = r"""
import ctypes, dataclasses, json, os, sys
sys.path.insert(0, sys.argv[1])
import seal
libc = ctypes.CDLL(None, use_errno=True)
def state():
    word = ctypes.c_int()
    libc.prctl(2, ctypes.byref(word), 0, 0, 0)  # PR_GET_PDEATHSIG
    try:
        os.listdir("/")
    except OSError as error:
        listing = error.errno
    else:
        listing = 0
    try:
        os.setuid(0)
    except OSError as error:
        root = error.errno
    else:
        root = 0
    try:
        os.chroot("/")
    except OSError as error:
        chroot = error.errno
    else:
        chroot = 0
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    return {"dumpable": libc.prctl(3, 0, 0, 0, 0), "parent_death": word.value, "listdir": listing, "uids": os.getresuid(),
            "gids": os.getresgid(), "groups": os.getgroups(), "become_root": root, "chroot": chroot, "fork": os.waitpid(pid, 0)[1]}
before = state()
result = seal.seal_zygote(drop_to=json.loads(sys.argv[2]))
json.dump({"before": before, "result": dataclasses.asdict(result), "after": state()}, sys.stdout)
"""


@LINUX
@ROOT
def test_a_sealed_zygote_is_nobody_and_holds_no_privilege():
    seen = json.loads(run_script(ZYGOTE_SCRIPT, str(NOBODY), extra_groups=[4, 6]))
    before, after = seen["before"], seen["after"]

    assert seen["result"]["uid_dropped"]
    assert seen["result"]["no_new_privs"]
    assert (after["uids"], after["gids"], after["groups"]) == ([NOBODY] * 3, [NOBODY] * 3, [])
    assert before["groups"] == [4, 6]
    assert (before["become_root"], before["chroot"]) == (0, 0)
    assert (after["become_root"], after["chroot"]) == (errno.EPERM, errno.EPERM)


@LINUX
@ROOT
def test_root_without_a_user_to_become_still_loses_its_capabilities():
    seen = json.loads(run_script(ZYGOTE_SCRIPT, "null"))

    assert not seen["result"]["uid_dropped"]
    assert seen["before"]["chroot"] == 0
    assert seen["after"]["chroot"] == errno.EPERM


@LINUX
@pytest.mark.parametrize("drop_to", ["null", pytest.param(str(NOBODY), marks=ROOT)])
def test_the_zygote_dies_with_its_parent_and_cannot_be_traced_also_after_the_uid_change(drop_to):
    # setresuid() clears both settings, so the order shows here.
    seen = json.loads(run_script(ZYGOTE_SCRIPT, drop_to))

    assert (seen["before"]["dumpable"], seen["before"]["parent_death"]) == (1, 0)
    assert (seen["after"]["dumpable"], seen["after"]["parent_death"]) == (0, int(signal.SIGKILL))


@LINUX
def test_the_zygote_opens_nothing_under_landlock_but_can_fork():
    seen = json.loads(run_script(ZYGOTE_SCRIPT, "null"))
    if seen["result"]["landlock_abi"] == 0:
        pytest.skip("this kernel has no Landlock")

    assert (seen["before"]["listdir"], seen["after"]["listdir"]) == (0, errno.EACCES)
    assert seen["after"]["fork"] == 0


def test_root_is_not_a_user_to_drop_to():
    with pytest.raises(ValueError, match="drop_to is 0"):
        seal.seal_zygote(drop_to=0)


ORPHAN_SCRIPT = r"""
import os, select, sys, time
sys.path.insert(0, sys.argv[1])
import seal
reading, writing = os.pipe()
zygote = os.fork()
if zygote == 0:
    ready, tell = os.pipe()
    program = seal.prepare_filter()
    if os.fork() == 0:
        if sys.argv[2] == "sealed":
            seal.seal_child(program=program, cpu_s=5, address_space_bytes=1 << 30)
        os.write(tell, b".")
        time.sleep(2)
        os._exit(0)
    os.read(ready, 1)
    os._exit(0)
os.close(writing)
os.waitpid(zygote, 0)
print("dead" if select.select([reading], [], [], 1)[0] else "alive")
"""


@LINUX
@pytest.mark.parametrize(("kind", "fate"), [("sealed", "dead"), ("unsealed", "alive")])
def test_a_sealed_child_does_not_outlive_the_zygote(kind, fate):
    assert run_script(ORPHAN_SCRIPT, kind).strip() == fate


FAILURE_SCRIPT = r"""
import sys
sys.path.insert(0, sys.argv[1])
import seal
try:
    exec(sys.argv[2])
except OSError as error:
    print("refused:", error)
else:
    print("went through")
"""


@LINUX
@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        # An instruction that the kernel's checker does not know.
        ("seal.seal_child(program=b'\\xff' * 8, cpu_s=1, address_space_bytes=1 << 30)", f"[Errno {errno.EINVAL}] sandbox: seccomp filter"),
        # The kernel stacks at most 16 Landlock layers: the 17th is a lock that fails to close.
        ("[seal.seal_zygote(drop_to=None) for _ in range(17)]", f"[Errno {errno.E2BIG}] sandbox: landlock restriction"),
    ],
)
def test_a_lock_that_does_not_close_is_an_error(statement, refusal):
    if "landlock" in refusal and seal.landlock_abi() == 0:
        pytest.skip("this kernel has no Landlock")

    assert run_script(FAILURE_SCRIPT, statement).startswith(f"refused: {refusal}")


PROBE_SCRIPT = r"""
import dataclasses, json, struct, sys
sys.path.insert(0, sys.argv[1])
import seal
exec(sys.argv[2])
json.dump(dataclasses.asdict(seal.probe()), sys.stdout)
"""
EVERYTHING = ["open", "stat", "listdir", "getcwd", "fork", "socket", "execve", "kill"]


@LINUX
@interpreters
@pytest.mark.parametrize("first", ["", "seal.seal_zygote(drop_to=None)"], ids=["unsealed process", "zygote"])
def test_the_probe_finds_every_attempt_refused(first, interpreter):
    seen = json.loads(run_script(PROBE_SCRIPT, first, interpreter=usable(interpreter)))

    assert seen["seccomp"]
    assert (seen["denied"], seen["allowed"], seen["failure"]) == (EVERYTHING, [], "")
    assert seen["landlock_abi"] == seal.landlock_abi()


@LINUX
def test_the_probe_is_not_taken_in_by_landlock_without_a_filter():
    # A program of one instruction that lets everything through; Landlock still refuses open and listdir with EACCES.
    seen = json.loads(run_script(PROBE_SCRIPT, "seal.prepare_filter = lambda: struct.pack('<HBBI', 6, 0, 0, 0x7FFF0000)"))

    assert not seen["seccomp"]
    assert (seen["denied"], seen["allowed"]) == ([], EVERYTHING)


@LINUX
def test_the_probe_names_the_lock_that_failed():
    seen = json.loads(run_script(PROBE_SCRIPT, "seal.prepare_filter = lambda: bytes(8)"))

    assert not seen["seccomp"]
    assert "seccomp filter" in seen["failure"]


def test_elsewhere_than_on_linux_the_module_imports_and_the_probe_says_no():
    # Python on Windows has neither of the two modules that are taken away here.
    pretend = "import sys, ctypes, platform; sys.platform = 'win32'; sys.modules['resource'] = sys.modules['fcntl'] = None\n"

    seen = json.loads(run_script(pretend + PROBE_SCRIPT, ""))

    assert not seen["seccomp"]
    assert "win32" in seen["failure"]
