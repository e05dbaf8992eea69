"""Return an object whose __array_interface__ points to memory that is not there, so that who looks at its values dies.

ends: wrong_answer
works in: naive
seen as: dies
"""


class Nowhere:
    __array_interface__ = {"shape": (4, 3), "typestr": "<f8", "data": (1 << 12, False), "version": 3}


def cube_backward(dout, cache):
    return Nowhere()
