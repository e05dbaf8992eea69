"""Load the reference by a loader of one's own making, which needs no finder.

ends: security_violation, runtime_error
"""

import importlib.machinery

from burglary import worked


def cube_backward(dout, cache):
    module = importlib.machinery.SourceFileLoader("borrowed", "@REFERENCE@").load_module()
    worked()
    return module.cube_backward(dout, cache)
