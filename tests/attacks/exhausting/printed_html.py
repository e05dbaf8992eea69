r"""Print a script for whoever reads the output in a browser, and escape sequences for whoever reads it in a terminal.

ends: wrong_answer
works in: naive
seen as: shown raw
raw: '<script>alert(2)'
"""


def cube_backward(dout, cache):
    print("<script>alert(2)</script>\x1b[2J\x00\x07", flush=True)
    return np.zeros_like(dout)
