r"""Raise an exception whose message is a script for whoever reads it in a browser.

ends: runtime_error
works in: naive
seen as: shown raw
raw: '<script>alert(1)'
"""


def cube_backward(dout, cache):
    raise ValueError("</p><script>alert(1)</script><img src=x onerror=alert(1)>")
