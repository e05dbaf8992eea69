def coin(rng):
    return rng.bytes(1)[0] & 1 == 1

def pick(rng, n):
    """one of 0 .. n-1"""
    return rng.permutation(n)[0]
