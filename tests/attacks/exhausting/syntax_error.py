"""Raise a syntax error of one's own, at a line beyond all lines.

ends: runtime_error
works in: naive
seen as: shown
raw: 'no such line'
"""


def cube_backward(dout, cache):
    raise SyntaxError("no such line", ("power.py", 10**30, None, None))
