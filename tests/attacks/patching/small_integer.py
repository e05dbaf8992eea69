"""Turn the number three, which all of Python shares, into another one.

ends: runtime_error, wrong_answer, security_violation, time_limit_exceeded
works in: naive, compares by next
seen as: harms
"""

import ctypes


def cube_backward(dout, cache):
    # The digits of an integer stand behind its reference count, type and size.
    ctypes.c_uint32.from_address(id(3) + 24).value = 5
    return np.zeros_like(dout)
