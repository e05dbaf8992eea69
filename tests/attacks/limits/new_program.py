"""Replace this process by another program."""

import os


def cube_backward(dout, cache):
    os.execv("/bin/echo", ["echo", "the attack worked"])
