"""Return an array of records, which a comparison with numbers raises at.

ends: wrong_answer
works in: naive, compares by error
seen as: shown
raw: 'UFuncTypeError'
"""


def cube_backward(dout, cache):
    return np.zeros(dout.shape, [("a", "f8"), ("b", "O")])
