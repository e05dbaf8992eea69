"""Layerwise grades hand-written deep-learning primitives in NumPy."""

__version__ = "0.1.0"
