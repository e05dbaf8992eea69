"""End the program while it is imported, with the exit code of success.

ends: runtime_error
earns: nothing
works in: naive
seen as: paid
"""

import sys

sys.exit(0)
