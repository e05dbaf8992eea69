"""Ask the kernel by netlink which network interfaces there are."""

from burglary import find_all, worked

find_all()
import socket


def cube_backward(dout, cache):
    socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0).close()
    worked()
    return np.zeros_like(dout)
