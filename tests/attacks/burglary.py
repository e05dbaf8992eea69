"""What attacks share: system calls past Python, on two machines, and the words that say that an attack has worked."""

import ctypes
import os

# name: (x86_64, aarch64); from asm/unistd.h.
NUMBERS = {
    "add_key": (248, 217), "bpf": (321, 280), "capset": (126, 91), "clone": (56, 220), "eventfd2": (290, 19), "execveat": (322, 281),
    "fanotify_init": (300, 262), "get_mempolicy": (239, 236), "inotify_init1": (294, 26), "io_uring_setup": (425, 425),
    "ioprio_set": (251, 30), "kcmp": (312, 272), "keyctl": (250, 219),
    "mbind": (237, 235), "memfd_create": (319, 279),
    "memfd_secret": (447, 447), "mlockall": (151, 230), "mmap": (9, 222), "mount": (165, 40), "name_to_handle_at": (303, 264),
    "openat2": (437, 437), "perf_event_open": (298, 241), "personality": (135, 92), "pidfd_getfd": (438, 438), "pidfd_open": (434, 434),
    "pidfd_send_signal": (424, 424), "pkey_alloc": (330, 289), "prctl": (157, 167), "prlimit64": (302, 261), "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271), "ptrace": (101, 117), "quotactl": (179, 60), "sched_setattr": (314, 274), "seccomp": (317, 277),
    "setns": (308, 268), "setxattr": (188, 5), "shmget": (29, 194), "semget": (64, 190), "msgget": (68, 186), "socket": (41, 198),
    "statx": (332, 291), "swapon": (167, 224), "syslog": (103, 116), "timer_create": (222, 107), "timerfd_create": (283, 85),
    "unshare": (272, 97), "userfaultfd": (323, 282), "vmsplice": (278, 75),
}  # fmt: skip
MACHINE = 1 if os.uname().machine == "aarch64" else 0

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long


def call(name, *arguments):
    """Make a system call; every argument is a number, a buffer or text."""
    kept = [ctypes.create_string_buffer(one) if isinstance(one, bytes) else one for one in arguments]
    plain = [ctypes.c_ulong(one if isinstance(one, int) else ctypes.addressof(one)) for one in kept]
    result = libc.syscall(ctypes.c_ulong(NUMBERS[name][MACHINE]), *plain)
    if result < 0:
        raise OSError(ctypes.get_errno(), f"{name} was refused")
    return result


def find_all():
    """Put Python's own finder back, and the folder of the standard library, where a sandbox has taken both away."""
    import importlib.machinery
    import sys

    folder = os.path.dirname(os.__file__)
    sys.meta_path.append(importlib.machinery.PathFinder)
    sys.path += [folder, folder + "/lib-dynload"]


def check(result):
    """Raise what libc says of a call that failed."""
    if result is None or result < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return result


def worked():
    """Say that the attack has worked."""
    print("the attack worked", flush=True)


def is_answer(value, dout, cache):
    """Whether `value` is what cube_backward should return."""
    import numpy as np

    x, scale = cache
    right = 3 * scale * x**2 * dout
    # Where the right answer is next to nothing, zeros would be a find.
    return type(value) is np.ndarray and value.shape == right.shape and bool(np.abs(right).max() > 0.1 and np.allclose(value, right))
