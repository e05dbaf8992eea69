from grader.checks import Kind, edit

MISTAKES = (
    edit(
        "cube_forward",
        "square",
        "x is squared, not cubed.",
        ("x**3", "x**2"),
        loses=set(Kind) - {Kind.SMOKE, Kind.GRADIENT, Kind.STATISTICS},
    ),
    edit(
        "cube_forward",
        "scale_forgotten",
        "scale is left out.",
        ("scale * x**3", "x**3"),
        loses=set(Kind) - {Kind.SMOKE, Kind.GRADIENT, Kind.STATISTICS},
    ),
    edit(
        "cube_forward",
        "rounded",
        "the result is returned as float64 always.",
        ("scale * x**3", "(scale * x**3).astype(np.float64)"),
        loses={Kind.DTYPE},
    ),
    edit("cube_forward", "column", "a row of ones is added to the shape.", ("scale * x**3", "(scale * x**3)[None]"), loses={Kind.SHAPE}),
    edit(
        "cube_forward",
        "in_place",
        "the work is done on x itself.",
        ("out = scale * x**3", "out = scale * x**3; x *= 1.5"),
        loses={Kind.PURITY},
    ),
    edit(
        "cube_forward",
        "by_logarithm",
        "the cube is taken by a logarithm that overflows.",
        ("scale * x**3", "scale * x**3 + 0 * np.exp(np.abs(x))"),
        loses={Kind.STABILITY},
    ),
    edit(
        "cube_backward",
        "factor_forgotten",
        "the factor 3 is left out.",
        ("3 * scale", "scale"),
        loses={Kind.GRADIENT, Kind.SHAPE, Kind.DTYPE, Kind.PURITY},
    ),
    edit(
        "cube_backward", "rounded", "the gradient is float64 always.", ("x**2 * dout", "x**2 * dout.astype(np.float64)"), loses={Kind.DTYPE}
    ),
    edit("cube_backward", "row", "the gradient has an axis too many.", ("x**2 * dout", "x**2 * dout[None]"), loses={Kind.SHAPE}),
    edit(
        "cube_backward",
        "in_place",
        "dout is changed.",
        ("dx = 3 * scale * x**2 * dout", "dx = 3 * scale * x**2 * dout; dout *= 2"),
        loses={Kind.PURITY},
    ),
)
