"""Connect to a service of this machine."""

from burglary import find_all, worked

find_all()
import socket


def cube_backward(dout, cache):
    socket.create_connection(("127.0.0.1", int("@PORT@")), timeout=2).close()
    worked()
    return np.zeros_like(dout)
