"""Leave code in the destructor of an object that lives as long as the program.

ends: wrong_answer
works in: naive
seen as: hangs
"""

import time


class Late:
    def __del__(self):
        time.sleep(1000)


kept = Late()


def cube_backward(dout, cache):
    return np.zeros_like(dout)
