"""How every worker is started: the same interpreter flags, environment and first lines, on this machine and in a container."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from grader.errors import SandboxError

INSIDE = Path(__file__).parent / "inside"

# What to do where there is no Linux kernel to seal a process of.
ELSEWHERE = (
    "For your own code, use `--sandbox plain`; grade other people's in a container: "
    'docker run --network none -v "PATH":/submission:ro layerwise check /submission'
)

# Two BLAS threads and a ban on clone() hang at the first matrix product, so BLAS is told before NumPy is imported.
# A fixed hash seed makes the order of a set of strings the same in every run.
ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "LC_ALL": "C.UTF-8",
    "PATH": "/nonexistent",
}
# No user site, no site, no script folder on the path, no bytecode written. Not -I, which would ignore the hash seed.
FLAGS = ("-s", "-S", "-P", "-B", "-X", "utf8")


def command(inside: str, numpy_parent: str, argument: str, extra: tuple[str, ...] = (), *, main: str = "zygote") -> list[str]:
    """The arguments after the interpreter that run the main function of the module `main` in the folder `inside`."""
    paths = f"sys.path[:0] = [{inside!r}]; sys.path.append({numpy_parent!r})"
    return [*FLAGS, "-c", f"import sys; {paths}; import {main}; {main}.main({argument!r}, {list(extra)!r})"]


def numpy_parent() -> str:
    """The folder that NumPy is imported from, without importing it."""
    spec = importlib.util.find_spec("numpy")
    if spec is None or spec.origin is None:
        raise SandboxError("NumPy is not installed", remedy="Install Layerwise with its dependencies.")
    return str(Path(spec.origin).parent.parent)


def require_modules(wanted: tuple[str, ...], missing: tuple[str, ...], *, sandbox: str, remedy: str) -> None:
    """Refuse to grade where a module that the course lets submissions import is not there: it would cost them points."""
    lacking = [name for name in wanted if name in missing]
    if lacking:
        raise SandboxError(f"the {sandbox} sandbox has no {', '.join(lacking)}, which the course allows to be imported", remedy=remedy)
