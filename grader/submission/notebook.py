"""Read a notebook as one source text. It is hostile input: its size, its structure and its depth are bounded before nbformat sees it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from grader.cells import join_cells
from grader.safe_text import safe_text
from grader.submission.candidate import Bounds, Unusable, too_large

NO_TEXT = re.compile("[\0\ud800-\udfff]")
SAVE_AGAIN = "open it in Jupyter and save it again"
NO_NOTEBOOK = f"is not a readable notebook ({{}}); {SAVE_AGAIN}"
MOST_PARTS = 10_000
NOTHING: dict[str, Any] = {}
NONE: list[Any] = []
# How many numbers or strings an object is as large as.
OBJECT_WEIGHT = 4


def read_notebook(data: bytes, bounds: Bounds) -> str:
    """Give the code cells of a notebook as one text (see ``grader.cells``), numbered from 1, empty ones left out.

    So a cell has the number that Jupyter shows after "Restart and run all". Outputs, markdown and everything else is ignored.

    Raises
    ------
    Unusable
        If it is no notebook, is too large or too deep, or is not in Python.
    """
    if max(sum(map(data.count, (b",", b"[", b"{"))), OBJECT_WEIGHT * data.count(b"{")) > bounds.notebook_items:
        # Each of these can be a Python object of a hundred bytes and more, which a bomb of a few MiB would make gigabytes of.
        raise Unusable(f"holds more than {bounds.notebook_items} values and was not read; clear its outputs and save it")
    cells = [cell for cell in _cells(_parse(data)) if cell.get("cell_type") == "code"]
    if len(cells) > bounds.cells:
        raise Unusable(f"has {len(cells)} code cells and was not read, since a notebook may have {bounds.cells}; take out what is not code")
    text = join_cells(enumerate((source for source in map(_source, cells) if source.strip()), start=1))
    size = len(text.encode())
    if size > bounds.file_bytes:
        raise Unusable(too_large(size, bounds.file_bytes))
    return text


def _parse(data: bytes) -> dict[str, Any]:
    # It takes longer to import than NumPy, and who hands in no notebook should not wait for it.
    from nbformat import reader

    try:
        read: Callable[..., dict[str, Any]] = reader.reads
        notebook = read(data.decode("utf-8-sig"), object_pairs_hook=_without_outputs)
    except Unusable:
        raise
    except UnicodeDecodeError as error:
        raise Unusable(NO_NOTEBOOK.format("it is not UTF-8 text")) from error
    except RecursionError as error:
        raise Unusable(NO_NOTEBOOK.format("it is nested too deeply")) from error
    except reader.NotJSONError as error:
        raise Unusable(NO_NOTEBOOK.format("it is not JSON")) from error
    except Exception as error:  # nbformat trusts what it reads, and lets it raise what it likes
        raise Unusable(NO_NOTEBOOK.format("it does not have the structure of a notebook")) from error
    if not {"cells", "worksheets"} & set(notebook):
        raise Unusable(NO_NOTEBOOK.format("it has no list of cells"))
    language = str(notebook["metadata"].get("language", ""))
    if language and "python" not in language.lower():
        raise Unusable(f"is a notebook in {safe_text(language)}, not in Python")
    return notebook


def _without_outputs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """What is kept of one JSON object: no outputs or attachments, so that plots of many MiB go as they come.

    Nothing is left that nbformat would make many objects of, each of them ten times as large as JSON's. Keys that it relies on and that
    carry no code are put in where they are missing.
    """
    found = dict(pairs)
    if "cell_type" in found:
        sources = {key: _lines(found[key]) for key in ("source", "input") if key in found}
        # nbformat makes objects of its own of these, so all cells can share them.
        return {"cell_type": str(found["cell_type"])[:20], "metadata": NOTHING, "outputs": NONE} | sources
    if not {"cells", "worksheets", "nbformat"} & set(found):
        return found
    kept: dict[str, Any] = {"metadata": {"language": _language(found.get("metadata"))}}
    for key in ("cells", "worksheets"):
        if key in found:
            kept[key] = _parts(found[key])
    return kept | {key: found[key] for key in ("nbformat", "nbformat_minor") if type(found.get(key)) is int}


def _parts(value: Any) -> list[dict[str, Any]]:
    """The cells of a notebook, or its worksheets."""
    if not isinstance(value, list) or not all(isinstance(part, dict) and {"cell_type", "cells"} & set(part) for part in value):
        raise Unusable(NO_NOTEBOOK.format("it has no list of cells"))
    if len(value) > MOST_PARTS:
        raise Unusable(f"has {len(value)} cells and was not read, since a notebook may have {MOST_PARTS}; take out what is not code")
    return value


def _lines(source: Any) -> str | None:
    """A source, which may be stored as a list of lines; None if it is something else."""
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        return "".join(source)
    return source if isinstance(source, str) else None


def _language(metadata: Any) -> str:
    for key, name in (("language_info", "name"), ("kernelspec", "language")):
        table = metadata.get(key) if isinstance(metadata, dict) else None
        if isinstance(table, dict) and isinstance(table.get(name), str):
            return str(table[name])[:40]
    return ""


def _cells(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    """All cells: format 4 has them in one list, format 3 in one for each worksheet."""
    return [cell for sheet in notebook.get("worksheets", [notebook]) for cell in sheet.get("cells", [])]


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source", cell.get("input", ""))
    if source is None:
        raise Unusable(NO_NOTEBOOK.format("the source of one of its cells is not text"))
    # No Python source holds these; a cell that does is no worse for a sign that says so.
    return NO_TEXT.sub("\ufffd", source.replace("\r\n", "\n").replace("\r", "\n"))
