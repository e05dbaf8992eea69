"""Never come to the end of the import.

ends: time_limit_exceeded
earns: nothing
works in: naive
seen as: hangs
"""

while True:
    pass
