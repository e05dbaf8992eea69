r"""Raise an exception whose message clears a terminal and changes its title.

ends: runtime_error
works in: naive
seen as: shown raw
raw: '\x1b[2J'
"""


def cube_backward(dout, cache):
    raise ValueError("\x1b[2J\x1b]0;full marks\x07\x1b[32maccepted")
