import numpy as np

from grader.checks import Kind, check, compare, compare_gradient, contract


@check("cube_forward", Kind.SMOKE, points=0, public=True)
def cubes_two(student, rng):
    """The cube of 2 is 8."""
    yield compare(student.cube_forward(np.array([2.0]))[0])


@check("cube_forward", Kind.VALUE, points=2)
def scales_the_cube(student, rng):
    """Multiply the cube by scale."""
    for scale in (1.0, 2.5):
        yield compare(student.cube_forward(rng.normal(size=(3, 4)), scale=scale)[0])


def call_forward(student, rng, dtype, scale):
    return student.cube_forward((scale * rng.normal(size=(3, 5))).astype(dtype), scale=0.5)


forward_contract = contract("cube_forward", call_forward, stability=1)


@check("cube_backward", Kind.GRADIENT, points=3)
def returns_the_gradient(student, rng):
    """Return 3 scale x^2 dout."""
    for scale in (1.0, 2.5):
        x, dout = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
        forward = student.cube_forward(x, scale=scale)
        yield compare_gradient(student.cube_backward(dout, forward[1]), of=forward, wrt=(0,), upstream=dout, rng=rng)


def call_backward(student, rng, dtype, scale):
    cache = student.cube_forward(rng.normal(size=(3, 5)).astype(dtype), scale=0.5)[1]
    return student.cube_backward(rng.normal(size=(3, 5)).astype(dtype), cache)


backward_contract = contract("cube_backward", call_backward)
