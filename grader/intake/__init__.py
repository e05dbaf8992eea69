"""Find every handed-in work of a class in what courses have: folders, zips, clones, and the bulk downloads of three platforms."""

from __future__ import annotations

from grader.intake.find import LAYOUTS, find_handins
from grader.intake.load import load_handin
from grader.intake.places import IntakeError, safe_id
from grader.intake.roster import read_roster
from grader.intake.times import read_times

__all__ = ["LAYOUTS", "IntakeError", "find_handins", "load_handin", "read_roster", "read_times", "safe_id"]
