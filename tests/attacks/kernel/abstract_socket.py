"""Connect to a socket that has a name and no file."""

from burglary import find_all, worked

find_all()
import socket


def cube_backward(dout, cache):
    with socket.socket(socket.AF_UNIX) as visitor:
        visitor.connect("\0@ABSTRACT@")
    worked()
    return np.zeros_like(dout)
