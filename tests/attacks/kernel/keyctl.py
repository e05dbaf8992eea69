"""Ask for the keyring of the session, with the keys of whoever started the grader.

host may forbid: yes
"""

from burglary import call, worked


def cube_backward(dout, cache):
    call("keyctl", 0, (1 << 64) - 2, 1, 0, 0)
    worked()
    return np.zeros_like(dout)
