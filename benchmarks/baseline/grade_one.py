"""The baseline without isolation: one Python process that plans, calls and compares."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from throughput import grade_in_process

from grader.catalog import load_course

if __name__ == "__main__":
    assert grade_in_process(load_course(), sys.argv[2:], Path(sys.argv[1])) > 0
