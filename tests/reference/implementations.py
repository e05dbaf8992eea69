"""The reference of an exercise and its variants, as modules."""

from __future__ import annotations

import importlib.util
import types
from pathlib import Path

ROOT = Path(__file__).parents[2]


def load(path: Path) -> types.ModuleType:
    spec = importlib.util.spec_from_file_location(f"loaded_{path.parent.name}_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def variants(exercise: str) -> list[Path]:
    return sorted((ROOT / "reference" / "variants").glob(f"{exercise}_*.py"))


def implementations(exercise: str) -> list[Path]:
    return [ROOT / "reference" / f"{exercise}.py", *variants(exercise)]
