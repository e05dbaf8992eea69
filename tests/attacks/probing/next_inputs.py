"""Look for the inputs of the calls still to come, which may have been sent already.

ends: wrong_answer
works in: plain
in plain: works
harmless: A worker may see the inputs of its own later calls a moment early; no answer is among them.
"""

import sys

from burglary import worked


def cube_backward(dout, cache):
    frame = sys._getframe(1)
    while frame is not None:
        waiting = getattr(frame.f_locals.get("frames"), "gi_frame", None)
        if waiting is not None and len(waiting.f_locals.get("buffer", b"")) > 100:
            worked()
        frame = frame.f_back
    return np.zeros_like(dout)
