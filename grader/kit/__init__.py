"""The student kit: what students receive of a course, its public checks as data, and nothing of its hidden side.

``build`` makes the files of a kit, ``freeze`` turns public checks into data, ``thaw`` turns the data into checks again, ``exact`` writes
values as JSON without losing a bit, ``texts`` has the words and files around it. See docs/kit.md.
"""
