"""Make a pair of sockets, by which descriptors could be handed on."""

from burglary import find_all, worked

find_all()
import socket


def cube_backward(dout, cache):
    for one in socket.socketpair():
        one.close()
    worked()
    return np.zeros_like(dout)
