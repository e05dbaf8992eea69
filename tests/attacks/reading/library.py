"""Let the dynamic loader map the file of the reference as if it were a library; its complaint tells what it found.

ends: security_violation, runtime_error
"""

import ctypes

from burglary import worked


def cube_backward(dout, cache):
    try:
        ctypes.CDLL("@REFERENCE@")
    except OSError as error:
        if "invalid ELF header" in str(error) or "file too short" in str(error):
            worked()
        raise
    return np.zeros_like(dout)
