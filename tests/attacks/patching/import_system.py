"""Put an importer in front of all others, which gives whoever imports something later this module.

ends: accepted
earns: all
works in: naive, compares by next
seen as: harms
"""

import sys


class Everything:
    @staticmethod
    def find_spec(*arguments):
        raise ImportError("there is nothing any more")


sys.meta_path.insert(0, Everything)
for name in [name for name in sys.modules if name == "numpy"]:
    del sys.modules[name]
