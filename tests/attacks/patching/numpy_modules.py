"""Take the contents of a submodule of NumPy away.

ends: accepted
earns: all
works in: naive, compares by next
seen as: harms
"""

import types

np.linalg = types.SimpleNamespace()
np.array = lambda *arguments, **options: None
