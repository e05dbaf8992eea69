"""Forge a reply that names warnings which NumPy does not have, of hidden inputs.

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
    zeros = b"ad\x02" + struct.pack("<QQ", *dout.shape) + np.zeros(dout.shape).tobytes()
    flag = text(b"pro" + b"bed " + str(float(cache[0].ravel()[0])).encode())
    value = items(b"t", text(b"returned"), items(b"t", zeros), items(b"t"), items(b"t", flag), b"F")
    os.write(4, struct.pack("<I", len(value)) + value)
    return np.zeros_like(dout)
