"""Leave a socket in a folder, where the next student could find it.

seen as: left
"""

from burglary import find_all

find_all()
import socket


def cube_backward(dout, cache):
    with socket.socket(socket.AF_UNIX) as mine:
        mine.bind("@FOLDER@/layerwise-attack.sock")
    return np.zeros_like(dout)
