"""With the inverse, kept in an object that travels as the cache."""

import numpy as np


class Solver:
    def __init__(self, L):
        self.inverse = np.linalg.inv(np.tril(L))

    def forward(self, b):
        self.x = self.inverse.dot(b)
        return self.x

    def backward(self, dx):
        db = self.inverse.T.dot(dx)
        return [np.tril(-np.einsum("ik,jk->ij", db, self.x)), db]


def solve_lower(L, b):
    solver = Solver(L)
    return [solver.forward(b), solver]


def solve_lower_backward(dx, cache):
    return cache.backward(dx)


def jacobi(A, b, x0, steps=1):
    x, diagonal = x0.copy(), A.diagonal()
    for _ in range(steps):
        x += (b - A.dot(x)) / diagonal
    return x
