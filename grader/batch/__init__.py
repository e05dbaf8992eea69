"""Many submissions graded together: what is known is used again, the rest is handed to workers, and whatever stands is kept at once."""

from grader.batch.many import BatchOptions, Graded, grade_many

__all__ = ["BatchOptions", "Graded", "grade_many"]
