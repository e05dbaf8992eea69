"""Listen to the traffic of the machine.

host may forbid: yes
"""

from burglary import find_all, worked

find_all()
import socket


def cube_backward(dout, cache):
    socket.socket(17, socket.SOCK_RAW, 3).close()
    worked()
    return np.zeros_like(dout)
