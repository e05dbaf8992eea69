"""The service of a course: students hand in and read their scorecards in a browser, by the same engine and store as ``grade batch``."""
