"""Notebooks made of texts."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

POWERS = """import numpy as np

def cube_forward(x, scale=1.0):
    return scale * x**3, (x, scale)

def cube_backward(dout, cache):
    x, scale = cache
    return 3 * scale * x**2 * dout
"""


def make_notebook(path: Path, *cells: str, **metadata) -> Path:
    """Write code cells to `path`, as Jupyter does, below a cell of prose."""
    notebook = new_notebook(cells=[new_markdown_cell("# My work"), *map(new_code_cell, cells)], metadata=metadata)
    nbformat.write(notebook, path)
    return path


def make_document(path: Path, document) -> Path:
    """Write any JSON to `path`."""
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def document_of(*sources, **more):
    """The least that Jupyter 4 writes, with sources of any kind."""
    cells = [{"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": source} for source in sources]
    return {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells, **more}
