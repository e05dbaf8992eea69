"""Make a pipe larger, of which a user has a small number."""

from burglary import check, libc, worked


def cube_backward(dout, cache):
    check(libc.fcntl(1, 1031, 1 << 16))  # F_SETPIPE_SZ
    worked()
    return np.zeros_like(dout)
