import numpy as np
counter = {'calls': 0}
def memo(f):
    """counts, for fun"""
    def g(*a, **k):
        counter['calls'] += 1
        return f(*a, **k)
    return g
@memo
def sig(z):
    return (np.tanh(z / 2) + 1) / 2
