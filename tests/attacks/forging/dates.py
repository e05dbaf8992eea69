"""Return an array of dates, which are no numbers.

ends: wrong_answer
works in: naive, compares by error
seen as: shown
raw: 'UFuncTypeError'
"""


def cube_backward(dout, cache):
    return np.zeros(dout.shape, "M8[s]")
