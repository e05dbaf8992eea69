"""Let every division by zero raise, for whoever divides later.

ends: accepted
earns: all
works in: naive, compares by next
seen as: harms
"""

np.seterr(all="raise")
