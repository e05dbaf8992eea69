"""The system calls of a sealed child, and the classic BPF program that lets these through and nothing else.

Plain data and arithmetic: no system call is made here, so that every table and program can be tested on any machine.
Standard library only; it runs in the zygote.
"""

from __future__ import annotations

import errno
import platform
import struct
from dataclasses import dataclass
from enum import Enum

# linux/seccomp.h: what a filter may answer.
ALLOW = 0x7FFF_0000
KILL_PROCESS = 0x8000_0000
ERRNO = 0x0005_0000

# linux/filter.h: load a word of the seccomp data, compare it with a constant, return a constant.
_LOAD, _JUMP_EQ, _JUMP_GE, _RETURN = 0x20, 0x15, 0x35, 0x06
# struct seccomp_data: int nr; u32 arch; u64 instruction_pointer; u64 args[6]. Both architectures here are little-endian.
_NR_OFFSET, _ARCH_OFFSET, _ARGS_OFFSET = 0, 4, 16
# x86_64 takes x32 calls under the same arch value, told apart by this bit alone: a filter by number must refuse them first.
X32_BIT = 0x4000_0000

_INSTRUCTION = struct.Struct("<HBBI")


class UnsupportedArchitecture(RuntimeError):  # noqa: N818 - reads as what it says in `except`, and is the published name
    """There is no system call table for this machine, so no filter can be built."""


class Architecture(Enum):
    """A machine's name and the AUDIT_ARCH value under which the kernel presents its 64-bit calls (linux/audit.h)."""

    X86_64 = "x86_64", 0xC000_003E
    AARCH64 = "aarch64", 0xC000_00B7

    @property
    def machine(self) -> str:
        """The name that ``uname -m`` gives."""
        return self.value[0]

    @property
    def audit(self) -> int:
        """The ``arch`` word of ``struct seccomp_data``."""
        return self.value[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One allowed system call: its numbers, and which values some of its arguments must have.

    `aarch64` is None where that architecture has no such call. `only` holds (argument index, allowed values) pairs, all of
    which must hold; the values are compared as unsigned 64-bit numbers.
    """

    x86_64: int
    aarch64: int | None
    only: tuple[tuple[int, tuple[int, ...]], ...] = ()

    def number(self, architecture: Architecture) -> int | None:
        """Return the call's number on `architecture`, None where it does not exist."""
        return self.x86_64 if architecture is Architecture.X86_64 else self.aarch64


def _call(x86_64: int, aarch64: int | None, *only: tuple[int, tuple[int, ...]]) -> Call:
    return Call(x86_64=x86_64, aarch64=aarch64, only=only)


# A clock id is also a way to name another process (~pid << 3): its CPU time would be a side channel and a test for its existence.
# REALTIME, MONOTONIC, this process, this thread, MONOTONIC_RAW, REALTIME_COARSE, MONOTONIC_COARSE, BOOTTIME, TAI.
_OWN_CLOCKS = (0, (0, 1, 2, 3, 4, 5, 6, 7, 11))
_F_GETFD, _F_GETFL = 1, 3
_TCGETS, _TIOCGWINSZ, _FIONREAD = 0x5401, 0x5413, 0x541B
# NORMAL, RANDOM, SEQUENTIAL, WILLNEED, DONTNEED, FREE, HUGEPAGE, NOHUGEPAGE: what malloc and NumPy use. Not MERGEABLE, whose
# page sharing tells one process what another holds, and not the fault injection.
_OWN_ADVICE = (2, (0, 1, 2, 3, 4, 8, 14, 15))
_SELF = (0, (0,))

# The busiest first: an old kernel walks the program for every call. Nothing here takes a path, makes a task, a descriptor or a
# timer, or names another process. newfstatat and statx are missing although fstat() may use them: the path is behind a
# pointer, which a filter cannot follow.
CALLS: dict[str, Call] = {
    "read": _call(0, 63),
    "write": _call(1, 64),
    "futex": _call(202, 98),
    "mmap": _call(9, 222),
    "munmap": _call(11, 215),
    "mremap": _call(25, 216),
    "mprotect": _call(10, 226),
    "madvise": _call(28, 233, _OWN_ADVICE),
    "brk": _call(12, 214),
    "clock_gettime": _call(228, 113, _OWN_CLOCKS),
    "poll": _call(7, None),
    "ppoll": _call(271, 73),
    "select": _call(23, None),
    "pselect6": _call(270, 72),
    "readv": _call(19, 65),
    "writev": _call(20, 66),
    "close": _call(3, 57),
    "lseek": _call(8, 62),
    "fstat": _call(5, 80),
    "fcntl": _call(72, 25, (1, (_F_GETFD, _F_GETFL))),
    "ioctl": _call(16, 29, (1, (_TCGETS, _TIOCGWINSZ, _FIONREAD))),
    "rt_sigaction": _call(13, 134),
    "rt_sigprocmask": _call(14, 135),
    "rt_sigreturn": _call(15, 139),
    "sigaltstack": _call(131, 132),
    "set_robust_list": _call(273, 99),
    "rseq": _call(334, 293),
    "membarrier": _call(324, 283),
    "clock_getres": _call(229, 114, _OWN_CLOCKS),
    "clock_nanosleep": _call(230, 115, _OWN_CLOCKS),
    "nanosleep": _call(35, 101),
    "gettimeofday": _call(96, 169),
    "time": _call(201, None),
    "times": _call(100, 153),
    "getrandom": _call(318, 278),
    "getpid": _call(39, 172),
    "getppid": _call(110, 173),
    "gettid": _call(186, 178),
    "getuid": _call(102, 174),
    "geteuid": _call(107, 175),
    "getgid": _call(104, 176),
    "getegid": _call(108, 177),
    "getrusage": _call(98, 165),
    "sysinfo": _call(99, 179),
    "uname": _call(63, 160),
    "sched_getaffinity": _call(204, 123, _SELF),
    "sched_yield": _call(24, 124),
    "getcpu": _call(309, 168),
    # With a second argument of NULL it reads a limit; with another pid it would cut the grader's limits.
    "prlimit64": _call(302, 261, _SELF, (2, (0,))),
    "restart_syscall": _call(219, 128),
    "exit": _call(60, 93),
    "exit_group": _call(231, 94),
}

# glibc tries clone3 first and turns to clone, which the filter can answer with EPERM, only when told that there is no clone3.
_CLONE3 = 435


def this_architecture() -> Architecture:
    """Return the architecture of the running interpreter.

    Raises
    ------
    UnsupportedArchitecture
        If there is no table for it. A 32-bit interpreter on a 64-bit kernel counts: its calls come under another arch value.
    """
    if struct.calcsize("P") == 8:
        for architecture in Architecture:
            if platform.machine() == architecture.machine:
                return architecture
    raise UnsupportedArchitecture(f"no system call table for {platform.machine() or 'this machine'} ({struct.calcsize('P') * 8} bit)")


def assemble(architecture: Architecture) -> bytes:
    """Return the filter program for `architecture`: 8 bytes an instruction, as in ``struct sock_filter``.

    Foreign architectures and x32 numbers kill the process; whatever is not in `CALLS` answers EPERM, clone3 ENOSYS.
    """
    program = [
        _instruction(_LOAD, _ARCH_OFFSET),
        _instruction(_JUMP_EQ, architecture.audit, if_true=1),
        _instruction(_RETURN, KILL_PROCESS),
        _instruction(_LOAD, _NR_OFFSET),
        _instruction(_JUMP_GE, X32_BIT, if_false=1),
        _instruction(_RETURN, KILL_PROCESS),
    ]
    for call in CALLS.values():
        number = call.number(architecture)
        if number is not None:
            program += _when_number_is(number, _verdict(call))
    program += _when_number_is(_CLONE3, [_instruction(_RETURN, ERRNO | errno.ENOSYS)])
    program.append(_deny())
    return b"".join(program)


def _instruction(code: int, k: int, *, if_true: int = 0, if_false: int = 0) -> bytes:
    return _INSTRUCTION.pack(code, if_true, if_false, k)


def _deny() -> bytes:
    return _instruction(_RETURN, ERRNO | errno.EPERM)


def _when_number_is(number: int, block: list[bytes]) -> list[bytes]:
    """Run `block`, which must return, for one number; skip it for every other, the number still loaded."""
    return [_instruction(_JUMP_EQ, number, if_false=len(block)), *block]


def _verdict(call: Call) -> list[bytes]:
    conditions = [instruction for index, values in call.only for instruction in _require(index, values)]
    return [*conditions, _instruction(_RETURN, ALLOW)]


def _require(index: int, values: tuple[int, ...]) -> list[bytes]:
    """Return EPERM unless the whole 64-bit argument `index` is one of `values`, all of them below 2**32.

    A filter loads 32 bits at a time: with the upper half unread, a pointer with an empty lower half would pass for NULL.
    """
    low = _ARGS_OFFSET + 8 * index
    upper_is_empty = [_instruction(_LOAD, low + 4), _instruction(_JUMP_EQ, 0, if_true=1), _deny()]
    matches = [_instruction(_JUMP_EQ, value, if_true=len(values) - place) for place, value in enumerate(values)]
    return [*upper_is_empty, _instruction(_LOAD, low), *matches, _deny()]
