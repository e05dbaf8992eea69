"""From raw outcomes to marks, and from marks to what people ask about them: pure functions, without any student's code."""

from grader.marks.marking import mark_class, points_of
from grader.marks.policy import parse_late, policy_with, read_policy

__all__ = ["mark_class", "parse_late", "points_of", "policy_with", "read_policy"]
