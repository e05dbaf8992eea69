"""Wait in a thread pool of the standard library for a better moment.

ends: runtime_error
works in: naive
"""

from concurrent.futures import ThreadPoolExecutor

from burglary import worked


def cube_backward(dout, cache):
    with ThreadPoolExecutor(2) as pool:
        pool.submit(worked).result()
    return np.zeros_like(dout)
