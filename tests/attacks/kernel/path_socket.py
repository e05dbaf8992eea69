"""Connect to a socket that is a file, as Docker's own is."""

from burglary import find_all, worked

find_all()
import socket


def cube_backward(dout, cache):
    with socket.socket(socket.AF_UNIX) as visitor:
        visitor.connect("@SOCKET@")
    worked()
    return np.zeros_like(dout)
