"""Start a shell.

ends: wrong_answer, security_violation
"""

import os


def cube_backward(dout, cache):
    if os.waitstatus_to_exitcode(os.system("echo the attack worked >&2")) != 0:
        raise PermissionError("no shell")
    return np.zeros_like(dout)
