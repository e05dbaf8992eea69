r"""Raise an exception whose message is read the other way round, by characters that are not seen.

ends: runtime_error
works in: naive
seen as: shown raw
raw: '\u202e'
"""


def cube_backward(dout, cache):
    raise ValueError("\u202edetpecca\u202c \u200b\u2066points: 100\u2069")
