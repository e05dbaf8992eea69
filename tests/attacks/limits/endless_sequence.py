"""Return something that claims to be a sequence of a million million numbers.

ends: wrong_answer
works in: naive
seen as: hangs
"""

import time


class Endless:
    def __len__(self):
        return 10**7

    def __getitem__(self, index):
        time.sleep(0.001)
        return 0.0


def cube_backward(dout, cache):
    return Endless()
