"""Make a socket to the kernel's cryptography, which has been a way into the kernel before.

host may forbid: yes
"""

from burglary import find_all, worked

find_all()
import socket


def cube_backward(dout, cache):
    socket.socket(38, socket.SOCK_SEQPACKET, 0).close()
    worked()
    return np.zeros_like(dout)
