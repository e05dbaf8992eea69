"""Return a true array whose memory is not there, made by ctypes, so that who copies it dies.

ends: runtime_error
works in: naive
seen as: dies
"""

import ctypes


def cube_backward(dout, cache):
    pointer = ctypes.cast(ctypes.c_void_p(1 << 12), ctypes.POINTER(ctypes.c_double))
    return np.ctypeslib.as_array(pointer, shape=dout.shape)
