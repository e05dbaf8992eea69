"""Return an object that makes a folder when the grader loads what the worker has pickled.

ends: wrong_answer
works in: pipe, believes by pickle
seen as: left
"""

import os


class Prank:
    def __reduce__(self):
        return os.mkdir, ("@FOLDER@/layerwise-attack-pickle",)


def cube_backward(dout, cache):
    return Prank()
