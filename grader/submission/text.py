"""Turn the bytes of a source file into text: byte order marks, encoding cookies, line ends."""

from __future__ import annotations

import codecs
import re

from grader.safe_text import safe_text
from grader.submission.candidate import Unusable

# A list of our own, since a codec can be anything that is registered: rot13 or a decompressor would hide the source from a reader.
ENCODINGS = {
    "ascii": "ascii",
    "us-ascii": "ascii",
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "latin-1": "latin-1",
    "latin1": "latin-1",
    "iso-8859-1": "latin-1",
    "iso-latin-1": "latin-1",
    "iso-8859-15": "iso-8859-15",
    "latin-9": "iso-8859-15",
    "cp1252": "cp1252",
    "windows-1252": "cp1252",
    "cp1251": "cp1251",
    "windows-1251": "cp1251",
    "koi8-r": "koi8-r",
    "gbk": "gbk",
    "cp936": "gbk",
    "gb2312": "gb2312",
    "gb18030": "gb18030",
    "big5": "big5",
    "shift-jis": "shift_jis",
    "sjis": "shift_jis",
    "euc-kr": "euc_kr",
    "euc-jp": "euc_jp",
}
# PEP 263, with the suffixes that Emacs adds to say which line ends a file has.
COOKIE = re.compile(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
BLANK_OR_COMMENT = re.compile(rb"[ \t\f]*(?:#.*)?")
LINE_END = re.compile(rb"\r\n|\r|\n")
EMACS_LINE_END = re.compile(r"-(?:unix|dos|mac)$")


def decode_source(data: bytes) -> str:
    r"""Give the text of a source file, without a byte order mark and with ``\n`` at every line's end.

    Raises
    ------
    Unusable
        If the encoding is not known or does not fit, or if there is a NUL in the text.
    """
    mark, encoding = _encoding(data)
    body = data[len(mark) :]
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        before = _with_plain_newlines(body[: error.start].decode(encoding, "replace"))
        where = f"line {before.count(chr(10)) + 1}, byte 0x{body[error.start]:02X}"
        raise Unusable(f"is not {encoding.upper()} text ({where}); save it as UTF-8") from error
    text = _with_plain_newlines(text)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise Unusable(f"has a NUL character in line {line}, so it is not a text file; save it as plain text in UTF-8")
    return text


def _encoding(data: bytes) -> tuple[bytes, str]:
    """The byte order mark, which decides if there is one, and the encoding."""
    if data.startswith(codecs.BOM_UTF8):
        return codecs.BOM_UTF8, "utf-8"
    # Windows' older editors write this for "Unicode".
    if data.startswith(codecs.BOM_UTF16_LE):
        return codecs.BOM_UTF16_LE, "utf-16-le"
    if data.startswith(codecs.BOM_UTF16_BE):
        return codecs.BOM_UTF16_BE, "utf-16-be"
    declared = _cookie(data)
    encoding = ENCODINGS.get(EMACS_LINE_END.sub("", declared.lower().replace("_", "-"))) if declared else "utf-8"
    if encoding is None:
        raise Unusable(f"declares the encoding {safe_text(declared)}, which is not supported; save it as UTF-8 and delete the declaration")
    return b"", encoding


def _cookie(data: bytes) -> str:
    """The encoding that one of the first two lines declares; the second counts only below a comment or a blank line."""
    for line in LINE_END.split(data, maxsplit=2)[:2]:
        cookie = COOKIE.match(line)
        if cookie is not None:
            return cookie.group(1).decode("ascii")
        if BLANK_OR_COMMENT.fullmatch(line) is None:
            break
    return ""


def _with_plain_newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
