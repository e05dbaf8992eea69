"""Send a datagram, by which inputs could leave the machine one by one."""

from burglary import find_all, worked

find_all()
import socket


def cube_backward(dout, cache):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(dout.tobytes()[:8], ("127.0.0.1", int("@UDP_PORT@")))
    worked()
    return np.zeros_like(dout)
