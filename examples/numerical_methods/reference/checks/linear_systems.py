"""The checks of linear systems: a solver, the gradient through it, and an iteration whose every step is looked at."""

import numpy as np

from grader.checks import Kind, check, compare, compare_gradient, contract


def draw(rng, *shape):
    """Numbers of either sign, none near 0."""
    return rng.uniform(0.3, 1.0, shape) * rng.choice([-1.0, 1.0], shape)


def triangle(rng, n):
    """A lower triangular matrix of good condition, with what a careless solver would trip over above the diagonal."""
    return draw(rng, n, n) / n + np.diag(rng.uniform(1.5, 2.5, n) * rng.choice([-1.0, 1.0], n))


def dominant(rng, n):
    """A matrix whose diagonal outweighs the rest of its row, so that the iteration converges. It is not symmetric."""
    return draw(rng, n, n) / n + np.diag(rng.uniform(2.0, 3.0, n) * rng.choice([-1.0, 1.0], n))


# -------------------------------------------------------------------------------------------------------------- solve_lower


@check("solve_lower", Kind.SMOKE, points=0, public=True)
def returns_a_solution_and_a_cache(student, rng):
    """Return a pair: the solution and a cache. L = [[2, 0], [1, 4]] and b = [[2], [9]] give [[1], [2]]."""
    yield compare(student.solve_lower(np.array([[2.0, 0.0], [1.0, 4.0]]), np.array([[2.0], [9.0]]))[0])


@check("solve_lower", Kind.VALUE, points=3)
def solves_the_system(student, rng):
    """Solve L x = b for every column of b."""
    for n, k in ((1, 2), (3, 1), (4, 4), (5, 3)):
        yield compare(student.solve_lower(np.tril(triangle(rng, n)), draw(rng, n, k))[0])


@check("solve_lower", Kind.VALUE, points=1)
def ignores_what_is_above_the_diagonal(student, rng):
    """Read L only on and below its diagonal: above it there may be anything."""
    for n, k in ((3, 2), (4, 4)):
        yield compare(student.solve_lower(triangle(rng, n), draw(rng, n, k))[0])


def call_solve(student, rng, dtype, scale):
    return student.solve_lower(triangle(rng, 4).astype(dtype), draw(rng, 4, 1).astype(dtype))


solve_contract = contract("solve_lower", call_solve)


# ----------------------------------------------------------------------------------------------------- solve_lower_backward


@check("solve_lower_backward", Kind.SMOKE, points=0, public=True)
def returns_two_gradients(student, rng):
    """Return dL and db, in this order."""
    cache = student.solve_lower(np.array([[2.0, 0.0], [1.0, 4.0]]), np.array([[2.0], [9.0]]))[1]
    yield from map(compare, student.solve_lower_backward(np.array([[1.0], [2.0]]), cache))


def gradients(student, rng, items):
    """Expect some of the gradients; result 0 is that of argument 0, result 1 that of argument 1."""
    for n, k in ((3, 3), (4, 2), (2, 1)):
        L, b, dx = triangle(rng, n), draw(rng, n, k), draw(rng, n, k)
        forward = student.solve_lower(L, b)
        backward = student.solve_lower_backward(dx, forward[1])
        yield compare_gradient(backward, of=forward, wrt=items, items=items, upstream=dx, rng=rng)


# Both look at the same calls, which are made once.
@check("solve_lower_backward", Kind.GRADIENT, points=2, cases="gradients")
def solves_with_the_transpose(student, rng):
    """Find db by solving the system with the transpose of the triangle."""
    yield from gradients(student, rng, (1,))


@check("solve_lower_backward", Kind.GRADIENT, points=2, cases="gradients")
def has_the_gradient_of_the_triangle(student, rng):
    """Find dL = -db x^T on and below the diagonal, and 0 above it, summed over the columns of x."""
    yield from gradients(student, rng, (0,))


def call_backward(student, rng, dtype, scale):
    cache = student.solve_lower(triangle(rng, 4).astype(dtype), draw(rng, 4, 1).astype(dtype))[1]
    return student.solve_lower_backward(draw(rng, 4, 1).astype(dtype), cache)


backward_contract = contract("solve_lower_backward", call_backward)


# ------------------------------------------------------------------------------------------------------------------- jacobi


@check("jacobi", Kind.SMOKE, points=0, public=True)
def returns_the_next_approximation(student, rng):
    """Return a better x: the example gives [1.5, 2] after one step."""
    yield compare(student.jacobi(np.array([[2.0, 1.0], [1.0, 4.0]]), np.array([4.0, 9.0]), np.array([1.0, 1.0])))


@check("jacobi", Kind.VALUE, points=2)
def uses_the_old_values_in_one_step(student, rng):
    """Compute every new value from the old ones, even where a new one has been computed already."""
    for n in (1, 3, 5):
        yield compare(student.jacobi(dominant(rng, n), draw(rng, n), draw(rng, n)))


@check("jacobi", Kind.VALUE, points=1)
def takes_as_many_steps_as_it_is_told(student, rng):
    """Take exactly `steps` steps, each from the result of the one before; none at all if it is 0."""
    for steps in (0, 2, 5):
        yield compare(student.jacobi(dominant(rng, 4), draw(rng, 4), draw(rng, 4), steps=steps))


# Not what the reference gives, but what it is for.
@check("jacobi", Kind.VALUE, points=1)
def converges_to_the_solution(student, rng):
    """After many steps, arrive at the solution of A x = b, wherever they began."""
    A, b = dominant(rng, 5), draw(rng, 5)
    yield compare(student.jacobi(A, b, 10 * draw(rng, 5), steps=100), to=np.linalg.solve(A, b))


def call_jacobi(student, rng, dtype, scale):
    return student.jacobi(dominant(rng, 4).astype(dtype), draw(rng, 4).astype(dtype), draw(rng, 4).astype(dtype), steps=2)


jacobi_contract = contract("jacobi", call_jacobi)
