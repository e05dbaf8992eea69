"""Return an array of 150 megabytes, made as cheaply as zeros are.

ends: wrong_answer, memory_limit_exceeded
works in: pipe, believes by pickle
seen as: shown
raw: 'MemoryError'
"""


def cube_backward(dout, cache):
    return np.zeros((150 << 20) // 8) if "TINY_SEED" not in __import__("os").environ else Large()


class Large:
    def __reduce__(self):
        return bytearray, (1 << 40,)
