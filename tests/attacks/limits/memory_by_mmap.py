"""Take shared memory by mmap, which counts for no heap.

ends: security_violation, runtime_error
works in: naive
"""

from burglary import call, worked


def cube_backward(dout, cache):
    # 600 MiB, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS
    address = call("mmap", 0, 600 << 20, 3, 0x21, (1 << 64) - 1, 0)
    assert address > 0
    worked()
    return np.zeros_like(dout)
