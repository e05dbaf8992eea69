"""Let every array be printed as nothing.

ends: accepted
earns: all
works in: naive, compares by next
seen as: harms
"""

np.set_printoptions(formatter={"all": lambda value: ""}, threshold=0, edgeitems=0)
