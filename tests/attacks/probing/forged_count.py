"""Forge a reply that says, in the name of a container, what the inputs are.

ends: wrong_answer, security_violation
works in: pipe, believes by text
seen as: leaks
"""

import os
import struct


def text(word):
    return b"s" + struct.pack("<I", len(word)) + word


def items(tag, *values):
    return tag + struct.pack("<I", len(values)) + b"".join(values)


def cube_backward(dout, cache):
    name = text(b"pro" + b"bed " + str(float(cache[0].ravel()[0])).encode())
    value = items(b"t", text(b"count"), name, b"i" + struct.pack("<q", -1), b"F")
    os.write(4, struct.pack("<I", len(value)) + value)
    return np.zeros_like(dout)
