import numpy as np


def solve_lower(L, b):
    n, k = b.shape
    x = b.copy()
    for column in range(k):
        for i in range(n):
            for j in range(i):
                x[i, column] -= L[i, j] * x[j, column]
            x[i, column] /= L[i, i]
    return x, {"L": L, "x": x}


def solve_lower_backward(dx, cache):
    L, x = cache["L"], cache["x"]
    n, k = dx.shape
    db = dx.copy()
    dL = np.zeros_like(L)
    for column in range(k):
        for i in reversed(range(n)):
            for j in range(i + 1, n):
                db[i, column] -= L[j, i] * db[j, column]
            db[i, column] /= L[i, i]
        for i in range(n):
            for j in range(i + 1):
                dL[i, j] -= db[i, column] * x[j, column]
    return dL, db


def jacobi(A, b, x0, steps=1):
    x = list(x0)
    for _ in range(steps):
        new = []
        for i in range(len(b)):
            total = b[i]
            for j in range(len(b)):
                if j != i:
                    total -= A[i, j] * x[j]
            new.append(total / A[i, i])
        x = new
    return np.array(x, dtype=x0.dtype)
