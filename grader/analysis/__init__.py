"""What a class's results say about the class, and about the checks: pure functions over marks, records and submissions."""
