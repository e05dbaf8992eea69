"""Replace the clocks, so that every call seems to take no time.

ends: accepted
earns: all
works in: naive
harmless: Only the grader's own clock counts, and speed earns nothing.
in plain: works
"""

import time

from burglary import worked

time.perf_counter = time.monotonic = time.time = time.process_time = lambda: 0.0
if time.perf_counter() == time.monotonic():
    worked()
