"""What is handed in, honest and hostile: the files of a submission or a class, made of chance."""

from __future__ import annotations

import io
import json
import stat
import warnings
import zipfile
import zlib
from collections.abc import Callable
from random import Random
from typing import Any

from tests.fuzz.bending import bend_bytes

Files = dict[bytes, bytes | str | None]

CODE = b"import numpy as np\n\n\ndef relu_forward(x):\n    return np.maximum(0, x), x\n"
NAMES = (
    "activations.py",
    "a.py",
    "b.ipynb",
    "losses.py",
    "numpy.py",
    "A.py",
    "\u00e9.py",
    "e\u0301.py",
    "x.PY",
    "q.txt",
    "pyvenv.cfg",
    "__init__.py",
)
FOLDERS = (
    "",
    "",
    "hw/",
    "hw/",
    "a/b/",
    "./",
    ".venv/",
    "__MACOSX/",
    "../",
    "/",
    "C:/",
    "d/" * 9,
    "a\\b\\",
    "\u202e/",
    "e\u0301/",
    "site-packages/",
    "x//y/",
)
SIGNS = (
    "\0",
    "\x1b[2J",
    "\u202e",
    "\ud800",
    "\u0301",
    "\u0315",
    "\\",
    "/",
    "..",
    ".py",
    ".ipynb",
    ".zip",
    " ",
    "~",
    "\n",
    "\u2028",
    "\U000e0041",
    "\u0130",
    "\ufb01",
)
COOKIES = (
    b"utf-8",
    b"latin-1",
    b"gbk",
    b"shift_jis",
    b"euc-jp",
    b"big5",
    b"koi8-r",
    b"rot13",
    b"utf-16",
    b"idna",
    b"unicode_escape",
    b"cp1252-dos",
)
MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\x00\x00", b"+/v8")
PY_TOKENS = (b"# coding: ", b"\r", b"\r\n", b"\0", b"\xff", b"\x0c", b"\xe2\x80\xa8", *COOKIES, *MARKS)
ZIP_TOKENS = (
    b"PK\x01\x02",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"PK\x06\x06",
    b"PK\x06\x07",
    b"PK\x07\x08",
    b"../",
    b"\xff\xff\xff\xff",
    b"\x0c\0",
    b"\x01\0",
)
JSON_TOKENS = (
    b'"cells":',
    b'"cell_type":"code"',
    b'"source":',
    b'"worksheets":',
    b'"nbformat":',
    b"null",
    b"[]",
    b"{}",
    b"[[",
    b"NaN",
    b"1e999",
    b'"metadata":',
    b"\\ud800",
    b'"',
    b",",
    b"9" * 5000,
)
SUBJECTS = (
    "Ann_Lee_12_assignsubmission_file_a.py",
    "annlee_LATE_12_34_a-1.py",
    "anon_x1_34_a.py",
    "ann.zip",
    "ann",
    "hw1-ann-lee",
    "submission_12",
    "Bob_\u0663_assignsubmission_onlinetext.html",
    "annlee_12_text.html",
)


def name(rng: Random) -> str:
    """A path that somebody may have given a file."""
    path = rng.choice(FOLDERS) + rng.choice(NAMES)
    while rng.random() < 0.25:
        at = rng.randint(0, len(path))
        path = path[:at] + rng.choice(SIGNS) * rng.choice((1, 1, 1, 2, 60, 2000 if rng.random() < 0.1 else 3)) + path[at:]
    return path


def source(rng: Random) -> bytes:
    """The bytes of a Python file."""
    data = CODE
    if rng.random() < 0.4:
        data = b"# -*- coding: " + rng.choice(COOKIES) + b" -*-\n" + data
    if rng.random() < 0.2:
        data = rng.choice(MARKS) + data
    if rng.random() < 0.05:
        data = rng.choice((b" ", b"#", b"\n", b"coding:", b"# coding: ", b"\xe9")) * rng.choice((1000, 70_000, 300_000))
    return bend_bytes(rng, data, PY_TOKENS) if rng.random() < 0.7 else data


def notebook(rng: Random) -> bytes:
    """The bytes of a notebook."""
    cells = [_cell(rng) for _ in range(rng.choice((0, 1, 2, 5)))]
    book: dict[str, Any] = {"cells": cells, "metadata": {"language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 5}
    if rng.random() < 0.2:
        book = {"worksheets": [{"cells": cells}], "metadata": {}, "nbformat": 3, "nbformat_minor": 0}
    while rng.random() < 0.4:
        _place(rng, book)
    data = json.dumps(book).encode()
    return bend_bytes(rng, data, JSON_TOKENS) if rng.random() < 0.5 else data


def _cell(rng: Random) -> dict[str, Any]:
    text = rng.choice(
        (
            "def f(x):\n",
            "    return x\n",
            "%matplotlib inline",
            "# %% cell 1\n",
            "# %% cell 99999999999\n",
            "\r\n# %% cell \u0663\r",
            "\0\ud800",
        )
    )
    return {
        "cell_type": rng.choice(("code", "code", "code", "markdown", "raw")),
        "source": [text, text] if rng.random() < 0.5 else text,
        "metadata": {},
        "outputs": [],
    }


def _place(rng: Random, book: Any) -> None:
    """Put something odd somewhere into a notebook."""
    odd = rng.choice(
        (
            None,
            True,
            0,
            4,
            -1,
            2**70,
            1.5,
            "",
            "python",
            [],
            {},
            [[]],
            [{}],
            {"cells": []},
            {"cell_type": "code"},
            {"cell_type": ["code"], "cells": 1},
            [None, "a"],
        )
    )
    here = book
    while isinstance(here, (dict, list)) and here and rng.random() < 0.7:
        key = rng.choice(list(here) if isinstance(here, dict) else range(len(here)))
        inner = here[key]
        if not isinstance(inner, (dict, list)) or not inner or rng.random() < 0.4:
            here[key] = odd
            return
        here = inner
    if isinstance(here, dict):
        here[
            rng.choice(
                (
                    "cells",
                    "worksheets",
                    "metadata",
                    "nbformat",
                    "nbformat_minor",
                    "cell_type",
                    "source",
                    "input",
                    "language",
                    "orig_nbformat",
                )
            )
        ] = odd


def archive(rng: Random, many: int = 6, contents: Callable[[Random], tuple[str, bytes]] | None = None) -> bytes:
    """The bytes of a zip, of any names, kinds and methods."""
    memory = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(memory, "w") as file:
        warnings.simplefilter("ignore")
        for _ in range(rng.randint(0, many)):
            path, data = contents(rng) if contents else (name(rng), _content(rng))
            entry = zipfile.ZipInfo()
            entry.filename = path.encode("utf-8", "ignore").decode()[:30_000]
            entry.compress_type = rng.choice((0, 8, 8, 8, 8, 12, 14))
            if rng.random() < 0.15:
                entry.external_attr = rng.choice((stat.S_IFLNK, stat.S_IFIFO, stat.S_IFDIR, stat.S_IFREG, stat.S_IFCHR)) << 16
            file.writestr(entry, data)
        if rng.random() < 0.1:
            file.comment = b"PK\x05\x06" * 5
    data = memory.getvalue()
    return bend_bytes(rng, data, ZIP_TOKENS, most=6) if rng.random() < 0.6 else data


def _content(rng: Random) -> bytes:
    kind = rng.random()
    if kind < 0.5:
        return source(rng)
    if kind < 0.75:
        return notebook(rng)
    return archive(rng, 2) if kind < 0.8 else b"" if kind < 0.9 else b"\0" * rng.choice((10, 300_000))


def _of_suffix(rng: Random, path: str) -> bytes:
    return {"py": source, "ipynb": notebook, "zip": archive}.get(path.rpartition(".")[2].lower(), _content)(rng)


def folder(rng: Random, prefix: bytes = b"") -> Files:
    """A folder of files, links and pipes."""
    files: Files = {}
    for _ in range(rng.randint(0, 6)):
        path = name(rng)
        raw = path.encode("utf-8", "surrogatepass") if rng.random() < 0.8 else path.encode("utf-16", "surrogatepass")
        kind = rng.random()
        content: bytes | str | None = _of_suffix(rng, path)
        if kind < 0.1:
            content = rng.choice(("/etc/passwd", "..", ".", "a.py", "/dev/zero", "x" * 300))
        elif kind < 0.13:
            content = None
        files[prefix + raw.replace(b"\0", b"?").lstrip(b"/")] = content
    return files


def class_folder(rng: Random) -> Files:
    """A folder as a platform or an instructor makes it."""
    files: Files = {}
    for _ in range(rng.randint(1, 4)):
        subject = rng.choice(SUBJECTS)
        if rng.random() < 0.2:
            subject = bend_bytes(rng, subject.encode()).decode("utf-8", "replace").replace("/", "_").replace("\0", "_")
        raw = subject.encode()
        if "." in subject:
            files[raw] = _of_suffix(rng, subject)
        else:
            files |= folder(rng, raw + b"/")
    if rng.random() < 0.1:
        files |= clone(rng, b"ann/")
    return files


def class_archive(rng: Random) -> Files:
    """The archive of a class, in one file."""

    def content(rng: Random) -> tuple[str, bytes]:
        inner = class_folder(rng)
        path, data = rng.choice(list(inner.items())) if inner else (b"a.py", CODE)
        return path.decode("utf-8", "replace"), data if isinstance(data, bytes) else CODE

    return {b"class.zip": archive(rng, 6, content)}


def table(rng: Random) -> Files:
    """A roster, or a table of times."""
    headings = rng.sample(
        ["id", "name", "Student", "SIS Login ID", "Email address", "Identifier", "submitted_at", "source", "section", "ID", "role", ""],
        rng.randint(0, 6),
    )
    cells = [
        "ann",
        "",
        "Lee, Ann",
        "Participant 12",
        "Participant \u00b2",
        "2026-11-21T14:22:08Z",
        "2026-11-21",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "\u0663",
        '"',
        "Points Possible",
        "=1+1",
    ]
    sign = rng.choice(",;\t")
    lines = [sign.join(headings)] + [
        sign.join(rng.choice(cells) for _ in range(len(headings) + rng.choice((0, 0, 0, 1)))) for _ in range(rng.randint(0, 5))
    ]
    data = "\n".join(lines).encode(rng.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16", "latin-1")), "replace")
    return {b"roster.csv": bend_bytes(rng, data, (b'"', b"\0", b"\r", b",", b"\xff\xfe", b"id")) if rng.random() < 0.6 else data}


def clone(rng: Random, prefix: bytes = b"ann/") -> Files:
    """A clone with a loose commit, bent somewhere."""
    sha = "ab" + "c" * 38
    commit = b"tree 0\nauthor a <a> 1 +0000\ncommitter a <a> %d +0100\n\nwords" % rng.choice((0, 1, 1763735000, -1, 10**11, 10**12 - 1))
    loose = zlib.compress(b"commit %d\0" % len(commit) + commit)
    head = rng.choice(("ref: refs/heads/main\n", sha, "ref: refs/../../../etc/passwd", "ref: HEAD", "ref: refs/heads/" + "x" * 300))
    files: Files = {
        prefix + b"a.py": CODE,
        prefix + b".git/HEAD": head.encode(),
        prefix + b".git/refs/heads/main": sha.encode() + b"\n",
        prefix + b".git/objects/ab/" + b"c" * 38: loose,
    }
    if rng.random() < 0.5:
        del files[prefix + b".git/objects/ab/" + b"c" * 38]
        files |= pack(rng, sha, loose, prefix)
    if rng.random() < 0.7:
        path = rng.choice(list(files))
        content = files[path]
        files[path] = bend_bytes(rng, content if isinstance(content, bytes) else b"")
    return files


def pack(rng: Random, sha: str, commit: bytes, prefix: bytes) -> Files:
    """A pack of one object, a commit or a delta of any base."""
    first = int(sha[:2], 16)
    fanout = b"".join((1 if number >= first else 0).to_bytes(4, "big") for number in range(256))
    index = (
        b"\xfftOc\0\0\0\2"
        + fanout
        + bytes.fromhex(sha)
        + b"\0" * 4
        + rng.choice((12, 13, 2**31, 2**32 - 1)).to_bytes(4, "big")
        + rng.randbytes(8)
    )
    delta = zlib.compress(b"\x10\x10" + rng.choice((b"\x90\x01", b"\x80", b"\x01a", b"\xff" * 8, b"\0")) * rng.choice((1, 10, 5000)))
    body = rng.choice(
        (b"\x90\x05" + commit, b"\xe0\x01" + rng.choice((b"\x01", b"\x0c", b"\xff\x7f")) + delta, b"\xf0\x01" + bytes.fromhex(sha) + delta)
    )
    return {prefix + b".git/objects/pack/p.idx": index, prefix + b".git/objects/pack/p.pack": b"PACK\0\0\0\2\0\0\0\1" + body}


def gradescope(rng: Random) -> Files:
    """An export with its metadata, which is YAML."""
    text = b"submission_1:\n  :submitters:\n  - :name: Ann\n    :sid: '0012'\n    :email: a@b\n"
    text += b"  :created_at: 2026-11-21 14:22:08 Z\n  :history: []\n"
    tokens = (
        b"&a ",
        b"*a",
        b"!!python/object:os.system ",
        b"[[[[",
        b"{",
        b"? ",
        b"- ",
        b"'",
        b"|\n",
        b"\n---\n",
        b"<<: *a",
        b"\t",
        b"\xff",
        b"~",
        b":utc: ",
        b"  " * 50,
    )
    return {b"submission_metadata.yml": bend_bytes(rng, text, tokens) if rng.random() < 0.9 else text, b"submission_1/a.py": CODE}


DRAW: dict[str, Callable[[Random], Files]] = {
    "file": lambda rng: {b"work.py": source(rng)},
    "notebook": lambda rng: {b"work.ipynb": notebook(rng)},
    "zip": lambda rng: {b"work.zip": archive(rng)},
    "folder": folder,
    "class": class_folder,
    "archive": class_archive,
    "table": table,
    "clone": clone,
    "gradescope": gradescope,
}
