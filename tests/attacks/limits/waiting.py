"""Wait for somebody to type something.

ends: runtime_error
works in: naive
seen as: hangs
"""


def cube_backward(dout, cache):
    input("password: ")
