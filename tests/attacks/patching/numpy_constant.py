"""Change the digits of pi, past Python.

ends: accepted
earns: all
works in: naive, compares by next
seen as: harms
"""

import ctypes

ctypes.c_double.from_address(id(np.pi) + 16).value = 4.0
