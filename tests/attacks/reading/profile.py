"""Set a profile function, which sees the arguments of every function that the grader calls afterwards, the comparison included.

ends: wrong_answer
works in: naive
"""

import sys

from burglary import is_answer, worked


def cube_backward(dout, cache):
    sys.setprofile(None)
    wrong = np.zeros_like(dout)

    def look(frame, event, _argument):
        # By its name: what is in memory that was freed may look like an answer.
        if event == "call" and is_answer(frame.f_locals.get("expected"), dout, cache):
            sys.setprofile(None)
            worked()

    sys.setprofile(look)
    return wrong
