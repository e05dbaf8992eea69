"""Layerwise in a notebook: ``import layerwise`` and ``layerwise.check("batchnorm")``, or ``%load_ext layerwise`` and ``%grade batchnorm``.

The package itself is called ``grader``; this module is the short name under which it is met in a notebook.
"""

from __future__ import annotations

from grader import __version__
from grader.notebook import Checked, check, load_ipython_extension

__all__ = ["Checked", "__version__", "check", "load_ipython_extension"]
