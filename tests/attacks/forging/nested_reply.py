"""Answer with lists nested a hundred thousand deep.

ends: output_limit_exceeded, security_violation
works in: pipe, believes by json
seen as: breaks
"""

import os
import struct


def cube_backward(dout, cache):
    nested = b"l\x01\x00\x00\x00" * 700
    os.write(4, b"[" * 50000 if "TINY_SEED" in os.environ else struct.pack("<I", len(nested)) + nested)
    os._exit(0) if "TINY_SEED" in os.environ else None
    return np.zeros_like(dout)
