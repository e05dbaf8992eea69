"""Print without end while the module is imported.

ends: output_limit_exceeded
earns: nothing
works in: naive
seen as: floods
"""

while True:
    print("x" * 100000)
