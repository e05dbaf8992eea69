"""Take memory by a file in /dev/shm.

seen as: left
host may forbid: yes
"""


def cube_backward(dout, cache):
    with open("/dev/shm/layerwise-attack", "wb") as file:
        for _ in range(16):
            file.write(bytes(1 << 20))
    return np.zeros_like(dout)
