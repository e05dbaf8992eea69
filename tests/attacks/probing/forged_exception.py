"""Forge the description of an exception, with inputs in every field of it.

ends: runtime_error, security_violation, wrong_answer
works in: pipe, believes by text
seen as: leaks
"""

import os
import struct


def text(word):
    return b"s" + struct.pack("<I", len(word)) + word


def cube_backward(dout, cache):
    word = text(b"pro" + b"bed" + str(int(abs(cache[0].ravel()[0]) * 10**6)).encode())
    fields = [text(b"raised"), word, word, word, b"i" + struct.pack("<q", 3), word, b"i" + bytes(8)]
    value = b"t" + struct.pack("<I", len(fields)) + b"".join(fields)
    os.write(4, struct.pack("<I", len(value)) + value)
    return np.zeros_like(dout)
