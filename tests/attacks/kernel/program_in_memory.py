"""Run a program from a file that lives in memory alone."""

import os

from burglary import call, worked


def cube_backward(dout, cache):
    held = os.memfd_create("program")
    os.write(held, b"#!/bin/true\n")
    try:
        call("execveat", held, b"/nowhere/at/all", 0, 0, 0)
    except FileNotFoundError:
        worked()
    return np.zeros_like(dout)
