"""Count events of the processor, from which other programs' work can be told.

host may forbid: yes
"""

import ctypes
import os
import struct

from burglary import call, worked


def cube_backward(dout, cache):
    attributes = ctypes.create_string_buffer(struct.pack("<IIQ", 1, 128, 0), 128)
    os.close(call("perf_event_open", attributes, 0, (1 << 64) - 1, (1 << 64) - 1, 0))
    worked()
    return np.zeros_like(dout)
