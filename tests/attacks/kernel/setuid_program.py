"""Run a program that becomes root, through a shell."""

import os


def cube_backward(dout, cache):
    shell = "su --version > /dev/null 2>&1; echo the attack worked >&2"
    os.execv("/bin/sh", ["sh", "-c", shell])
