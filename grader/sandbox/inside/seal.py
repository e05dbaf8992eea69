"""The locks of the process sandbox: what the zygote gives up once, and what each forked child gives up for good.

Standard library only, through ctypes: the zygote must not depend on anything that a package index could change. The
module can be imported on any system; its functions are for Linux.

The order matters throughout. setresuid clears the parent-death signal and the dumpable flag, so both come after it; the
seccomp filter forbids every call that makes a lock, so it comes last.
"""

from __future__ import annotations

import ctypes
import errno
import functools
import os
import struct
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

# The zygote runs with this folder on its path, the trusted side imports it as part of the package.
if TYPE_CHECKING or __package__:
    from . import bpf
else:
    import bpf

if sys.platform != "win32":
    # Here and not where it is used: under Landlock nothing can be imported from a file any more.
    import resource

UnsupportedArchitecture = bpf.UnsupportedArchitecture

# linux/prctl.h and linux/seccomp.h
_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 22, 2
_PR_CAPBSET_DROP = 24
_PR_SET_NO_NEW_PRIVS, _PR_GET_NO_NEW_PRIVS = 38, 39
_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
_SIGKILL = 9

# linux/capability.h: version 3 has two 32-bit words for each of the three sets.
_CAPABILITY_HEADER = struct.pack("<Ii", 0x2008_0522, 0)
_NO_CAPABILITIES = bytes(24)
_MAX_CAPABILITIES = 64

# linux/landlock.h; the two system calls have the same numbers on every architecture.
_LANDLOCK_CREATE_RULESET, _LANDLOCK_RESTRICT_SELF = 444, 446
_LANDLOCK_CREATE_RULESET_VERSION = 1
# EPERM: an engine's own filter from before Landlock answers so.
_NO_LANDLOCK = (errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM)
# (first ABI, rights that it added), a bit mask each. A kernel that knows more is asked for these.
_FS_RIGHTS = ((1, (1 << 13) - 1), (2, 1 << 13), (3, 1 << 14), (5, 1 << 15), (9, 1 << 16))
_NET_RIGHTS = ((4, 0b11), (10, 0b1100))
_SCOPES = ((6, 0b11),)

_PROBE_BYTES = 4096
# Far above what any interpreter maps: the probe asks about calls, and runs in processes that hold more than a child may.
_PROBE_ADDRESS_SPACE_BYTES = 1 << 40


@dataclass(frozen=True, slots=True, kw_only=True)
class ZygoteSeal:
    """What `seal_zygote` achieved; `landlock_abi` is 0 where the kernel, or an engine's filter, has no Landlock."""

    landlock_abi: int
    uid_dropped: bool
    no_new_privs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What a throw-away sealed child was refused, and what it could still do.

    `seccomp` is true if every attempt was refused by the filter. `failure` says why a child could not be sealed at all.
    """

    seccomp: bool
    denied: tuple[str, ...]
    allowed: tuple[str, ...]
    landlock_abi: int
    failure: str = ""


@functools.cache
def prepare_filter() -> bytes:
    """Return the assembled filter of this machine, for `seal_child`.

    Raises
    ------
    UnsupportedArchitecture
        If there is no system call table for it.
    """
    return bpf.assemble(bpf.this_architecture())


def seal_zygote(*, drop_to: int | None) -> ZygoteSeal:
    """Take from the warm process, for good, what neither it nor its children need again.

    After it no file can be opened: import everything first.

    Parameters
    ----------
    drop_to : int or None
        User and group id to become when running as root. None keeps the uid; the capabilities go in any case.

    Raises
    ------
    OSError
        If a lock that this kernel has does not close. No Landlock is recorded, not raised: the child's filter is complete without.
    """
    if drop_to == 0:
        raise ValueError("drop_to is 0, which is root; name an unprivileged user id, or None to keep the present one")
    _prctl("no_new_privs", _PR_SET_NO_NEW_PRIVS, 1)
    abi = landlock_abi()
    if abi:
        _landlock_everything(abi)
    uid_dropped = drop_to is not None and os.geteuid() == 0
    _drop_bounding_set()
    if uid_dropped and drop_to is not None:
        _become(drop_to)
    _drop_capabilities()
    _die_with_parent_unseen()
    no_new_privs = _libc().prctl(*_unsigned(_PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)) == 1
    return ZygoteSeal(landlock_abi=abi, uid_dropped=uid_dropped, no_new_privs=no_new_privs)


def seal_child(
    *, program: bytes, cpu_s: int, address_space_bytes: int, file_descriptors: int = 32, stack_bytes: int = 64 * 1024 * 1024
) -> None:
    """Leave the calling process nothing but computing and the descriptors that it holds.

    Close what it must not hold, and open streams over what it keeps, before the call.

    Parameters
    ----------
    program : bytes
        From `prepare_filter`.
    cpu_s : int
        CPU time in seconds, at which the kernel kills the process.
    address_space_bytes, stack_bytes : int
        Limits on all mappings and on the main stack.
    file_descriptors : int
        One more than the highest descriptor that may come to be.

    Raises
    ------
    OSError
        If any of the locks does not close. The caller must exit then.
    """
    if os.getsid(0) != os.getpid():
        os.setsid()
    _limit(resource.RLIMIT_CPU, cpu_s)
    _limit(resource.RLIMIT_AS, address_space_bytes)
    _limit(resource.RLIMIT_STACK, stack_bytes)
    _limit(resource.RLIMIT_NOFILE, file_descriptors)
    _limit(resource.RLIMIT_SIGPENDING, 16)
    for none_at_all in (
        resource.RLIMIT_FSIZE,
        resource.RLIMIT_NPROC,
        resource.RLIMIT_CORE,
        resource.RLIMIT_MEMLOCK,
        resource.RLIMIT_MSGQUEUE,
    ):
        _limit(none_at_all, 0)
    _die_with_parent_unseen()
    _prctl("no_new_privs", _PR_SET_NO_NEW_PRIVS, 1)
    _load_filter(program)


def landlock_abi() -> int:
    """Return the version of Landlock that the kernel offers, 0 if none."""
    version = _libc().syscall(*_unsigned(_LANDLOCK_CREATE_RULESET, 0, 0, _LANDLOCK_CREATE_RULESET_VERSION))
    if version >= 0:
        return int(version)
    if ctypes.get_errno() in _NO_LANDLOCK:
        return 0
    raise _failed("landlock version")


def probe() -> Probe:
    """Find out what a sealed child can do here, by sealing one and letting it try. Never raises for a missing lock."""
    if sys.platform != "linux":
        return _unsealed(f"there is no seccomp on {sys.platform}")
    try:
        program = prepare_filter()
    except UnsupportedArchitecture as error:
        return _unsealed(str(error))
    receiving, sending = os.pipe()
    with warnings.catch_warnings():
        # Python 3.12 warns of a fork beside threads (NumPy's). This child takes no lock of theirs, and ends by _exit.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        try:
            os.write(sending, _try_everything(program).encode()[:_PROBE_BYTES])
        finally:
            os._exit(0)
    os.close(sending)
    with open(receiving, encoding="utf-8", errors="replace") as stream:
        report = stream.read(_PROBE_BYTES)
    os.waitpid(pid, 0)
    return _read_report(report)


def _try_everything(program: bytes) -> str:
    """Seal the process, make every forbidden attempt, and return one line for each: its name and errno (0: it worked)."""
    try:
        abi = seal_zygote(drop_to=None).landlock_abi
        seal_child(program=program, cpu_s=5, address_space_bytes=_PROBE_ADDRESS_SPACE_BYTES)
    except OSError as error:
        return f"failure {error}"
    return "\n".join([f"landlock {abi}", *(f"{name} {_errno_of(attempt)}" for name, attempt in _ATTEMPTS.items())])


def _read_report(report: str) -> Probe:
    lines = dict(line.split(" ", 1) for line in report.splitlines() if " " in line)
    if "landlock" not in lines:
        return _unsealed(lines.get("failure", "the sealed child died before it could report"))
    # Landlock answers EACCES, and only to some: it takes the filter's EPERM to show that the filter is there.
    denied = tuple(name for name in _ATTEMPTS if lines.get(name) == str(errno.EPERM))
    allowed = tuple(name for name in _ATTEMPTS if name not in denied)
    return Probe(seccomp=not allowed, denied=denied, allowed=allowed, landlock_abi=int(lines["landlock"]))


def _unsealed(failure: str) -> Probe:
    return Probe(seccomp=False, denied=(), allowed=tuple(_ATTEMPTS), landlock_abi=0, failure=failure)


def _errno_of(attempt: Callable[[], object]) -> int:
    try:
        attempt()
    except OSError as error:
        return error.errno or 0
    return 0


def _fork() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def _socket() -> None:
    # By way of libc: the socket module cannot be imported here any more.
    if _libc().socket(*_unsigned(1, 1, 0)) < 0:
        raise _failed("socket")


# What each would show where it worked: the grader's files, their names, a second process, a way out, another program.
_ATTEMPTS: dict[str, Callable[[], object]] = {
    "open": lambda: os.open("/", os.O_RDONLY),
    "stat": lambda: os.stat("/"),
    "listdir": lambda: os.listdir("/"),
    "getcwd": os.getcwd,
    "fork": _fork,
    "socket": _socket,
    # Names no program, so that an unsealed child survives to report ENOENT.
    "execve": lambda: os.execve("", ["-"], {}),  # noqa: S606, S607 - the call is what is tried
    "kill": lambda: os.kill(0, 0),
}


def _landlock_everything(abi: int) -> None:
    """Handle every right of `abi` and allow none: no path, no port, no signal or abstract socket beyond the domain."""
    words = [sum(bits for first, bits in table if first <= abi) for table in (_FS_RIGHTS, _NET_RIGHTS, _SCOPES)]
    # The attribute has grown with the rights; an older kernel refuses a longer one whose end is not zero.
    size = 8 if abi < 4 else 16 if abi < 6 else 24
    attribute = ctypes.create_string_buffer(struct.pack("<QQQ", *words)[:size], size)
    ruleset = _libc().syscall(*_unsigned(_LANDLOCK_CREATE_RULESET, ctypes.addressof(attribute), size, 0))
    if ruleset < 0:
        raise _failed("landlock ruleset")
    try:
        if _libc().syscall(*_unsigned(_LANDLOCK_RESTRICT_SELF, ruleset, 0)) != 0:
            raise _failed("landlock restriction")
    finally:
        os.close(ruleset)


def _become(uid: int) -> None:
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    if os.getresuid() != (uid,) * 3 or os.getresgid() != (uid,) * 3 or os.getgroups():
        raise OSError(errno.EPERM, f"sandbox: the process did not become user {uid}")


def _drop_bounding_set() -> None:
    for capability in range(_MAX_CAPABILITIES):
        # EINVAL past the last capability; EPERM for a plain user, whom no_new_privs already keeps from gaining any.
        if _libc().prctl(*_unsigned(_PR_CAPBSET_DROP, capability, 0, 0, 0)) != 0:
            return


def _drop_capabilities() -> None:
    _prctl("ambient capabilities", _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL)
    header = ctypes.create_string_buffer(_CAPABILITY_HEADER, len(_CAPABILITY_HEADER))
    held = ctypes.create_string_buffer(_NO_CAPABILITIES, len(_NO_CAPABILITIES))
    if _libc().capset(header, held) != 0 or _libc().capget(header, held) != 0:
        raise _failed("capabilities")
    if held.raw != _NO_CAPABILITIES:
        raise OSError(errno.EPERM, "sandbox: capabilities are left after they were dropped")


def _die_with_parent_unseen() -> None:
    """Be killed when the parent ends, and keep /proc/<pid> and ptrace shut to processes of the same user."""
    _prctl("parent-death signal", _PR_SET_PDEATHSIG, _SIGKILL)
    _prctl("dumpable", _PR_SET_DUMPABLE, 0)


def _limit(limit: int, value: int) -> None:
    """Set soft and hard limit alike: a soft one of its own could be raised, and RLIMIT_CPU's sends a signal that can be ignored."""
    hard = resource.getrlimit(limit)[1]
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    try:
        resource.setrlimit(limit, (value, value))
    except ValueError as error:
        raise OSError(errno.EINVAL, f"sandbox: resource limit {limit} cannot be {value}: {error}") from error


def _load_filter(program: bytes) -> None:
    instructions = ctypes.create_string_buffer(program, len(program))
    # struct sock_fprog { unsigned short len; struct sock_filter *filter; }
    sock_fprog = struct.pack("@HP", len(program) // 8, ctypes.addressof(instructions))
    prog = ctypes.create_string_buffer(sock_fprog, len(sock_fprog))
    _prctl("seccomp filter", _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(prog))


def _prctl(what: str, *arguments: int) -> None:
    padded = [*arguments, 0, 0, 0, 0][:5]
    if _libc().prctl(*_unsigned(*padded)) != 0:
        raise _failed(what)


@functools.cache
def _libc() -> ctypes.CDLL:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    return libc


def _unsigned(*values: int) -> list[ctypes.c_ulong]:
    # prctl and syscall are variadic: a plain int would leave the upper half of the register as it was.
    return [ctypes.c_ulong(value) for value in values]


def _failed(what: str) -> OSError:
    number = ctypes.get_errno()
    return OSError(number, f"sandbox: {what}: {os.strerror(number)}")
