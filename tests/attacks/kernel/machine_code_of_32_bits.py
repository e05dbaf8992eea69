"""Make a system call as a program of 32 bits would, whose numbers a filter may not know.

ends: security_violation
needs: x86_64
host may forbid: yes
"""

import ctypes

from burglary import call, worked


def cube_backward(dout, cache):
    # Readable, writable, executable; anonymous. mov eax, 20 (getpid); int 0x80; ret
    code = bytes([0xB8, 20, 0, 0, 0, 0xCD, 0x80, 0xC3])
    page = call("mmap", 0, 4096, 7, 0x22, (1 << 64) - 1, 0)
    ctypes.memmove(page, code, len(code))
    if ctypes.CFUNCTYPE(ctypes.c_int)(page)() > 0:
        worked()
    return np.zeros_like(dout)
