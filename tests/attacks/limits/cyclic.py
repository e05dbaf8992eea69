"""Return a list that holds itself.

ends: wrong_answer
works in: naive
seen as: shown
raw: 'ValueError'
"""


def cube_backward(dout, cache):
    cycle = []
    cycle.append(cycle)
    return cycle
