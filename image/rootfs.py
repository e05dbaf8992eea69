"""Gather what a Python program needs to run, and nothing else, into a folder that becomes the root of an image.

    python rootfs.py TARGET FOLDER...

The interpreter, its standard library, FOLDER... and every shared library that any of these names: no shell, no package manager, no
program that runs as another user. It runs inside the build of the image, on the base image's own Python (see the Dockerfile).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

# Parts of the standard library that no grading uses: tests, the editor, installers, and the toolkit whose libraries would come along.
LEFT_OUT = shutil.ignore_patterns(
    "test", "tests", "idlelib", "ensurepip", "tkinter", "turtledemo", "lib2to3", "pydoc_data", "site-packages", "dist-packages",
    "config-*", "_tkinter.*", "EXTERNALLY-MANAGED",
)  # fmt: skip
ELF = b"\x7fELF"
# Loaded by name at run time, which no list of needed libraries shows: threads end with the first, names of users are read with the other.
BY_NAME = ("libgcc_s.so.1", "libnss_files.so.2")
NAMED_BY_LDD = re.compile(r"(?:=> |^\s*)(/\S+) \(0x")
USERS = "root:x:0:0:root:/root:/nonexistent\nlayerwise:x:10001:10001::/nonexistent:/nonexistent\n"


def main(target: Path, folders: list[Path]) -> None:
    """Fill `target`."""
    for name in ("bin", "sbin", "lib", "lib32", "lib64", "libx32"):
        # A merged /usr: the loader is named by its old path in every program.
        link = Path("/", name)
        if link.is_symlink():
            target.mkdir(parents=True, exist_ok=True)
            (target / name).symlink_to(os.readlink(link))
    library = Path(sysconfig.get_path("stdlib"))
    put_tree(library, target, ignore=LEFT_OUT)
    for folder in folders:
        put_tree(folder, target)
    for program in ("python", "python3"):
        put(Path(shutil.which(program) or sys.executable), target)
    for wanted in sorted(set(needed([Path(sys.executable).resolve(), library, *folders]))):
        put(wanted, target)
    for path in map(Path, ("/etc/ld.so.cache", "/usr/lib/locale/C.utf8", "/usr/share/zoneinfo")):
        if path.is_dir():
            put_tree(path, target)
        elif path.exists():
            put(path, target)
    (target / "etc").mkdir(exist_ok=True)
    (target / "etc" / "passwd").write_text(USERS, encoding="ascii")
    (target / "etc" / "group").write_text("root:x:0:\nlayerwise:x:10001:\n", encoding="ascii")
    (target / "tmp").mkdir(exist_ok=True)
    (target / "tmp").chmod(0o1777)


def place(path: Path, target: Path) -> Path:
    """Where a file goes: at its own name in the folder that its folder really is."""
    return target / (path.parent.resolve() / path.name).relative_to("/")


def put(path: Path, target: Path) -> None:
    """Copy a file, and the links that lead to it as links."""
    there = place(path, target)
    if os.path.lexists(there):
        return
    there.parent.mkdir(parents=True, exist_ok=True)
    if path.is_symlink():
        there.symlink_to(os.readlink(path))
        put(path.parent / os.readlink(path), target)
    else:
        shutil.copy2(path, there)


def put_tree(folder: Path, target: Path, **options: object) -> None:
    """Copy a folder, its links as links, and the files outside of it that they lead to."""
    shutil.copytree(folder, place(folder, target), symlinks=True, dirs_exist_ok=True, **options)  # type: ignore[arg-type]
    for link in (path for path in folder.rglob("*") if path.is_symlink() and os.path.lexists(place(path, target))):
        if link.is_file() and not link.resolve().is_relative_to(folder):
            put(link.parent / os.readlink(link), target)


def needed(places: list[Path]) -> Iterator[Path]:
    """The shared libraries that programs and libraries at `places` name, as the loader finds them here."""
    found: set[Path] = set()
    for path in filter(is_elf, (file for place in places for file in (place.rglob("*") if place.is_dir() else [place]))):
        if LEFT_OUT(str(path.parent), [path.name]):
            continue
        listed = subprocess.run(["ldd", str(path)], capture_output=True, text=True, check=False).stdout  # noqa: S607 - that of the base
        found.update(Path(match[1]) for match in map(NAMED_BY_LDD.search, listed.splitlines()) if match)
    yield from found
    for folder in {path.parent for path in found}:
        yield from (folder / name for name in BY_NAME if (folder / name).exists())


def is_elf(path: Path) -> bool:
    """Whether a file is a program or a library."""
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(ELF)) == ELF


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
