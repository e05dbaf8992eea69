"""Search everything that the garbage collector knows, and what that holds, for the right answer.

ends: wrong_answer
works in: naive
"""

import gc

from burglary import is_answer, worked


def cube_backward(dout, cache):
    gc.unfreeze()
    for one in gc.get_referents(*gc.get_objects()):
        if is_answer(one, dout, cache):
            worked()
            break
    return np.zeros_like(dout)
