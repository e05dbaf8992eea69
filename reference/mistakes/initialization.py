"""Known mistakes of weight initialization, the commonest of real work first: the weights and the biases of one layer."""

from __future__ import annotations

from grader.checks import Kind, Mistake, edit, rewrite

STATISTICS = {Kind.STATISTICS}
NORMAL_DRAW = "rng.standard_normal((n_in, n_out))"
UNIFORM_DRAW = "rng.uniform(-half_width, half_width, (n_in, n_out))"
NEAR_DRAW = "(lambda z: z[np.abs(z) < 2][: n_in * n_out].reshape(n_in, n_out))(rng.standard_normal(2 * n_in * n_out + 99))"


def of_normal(function: str) -> tuple[Mistake, ...]:
    """The slips that every normal initializer invites."""
    return (
        edit(
            function,
            "uniform_for_normal",
            "the weights are uniform, with the right variance; they should be normal.",
            (NORMAL_DRAW, "rng.uniform(-np.sqrt(3), np.sqrt(3), (n_in, n_out))"),
            loses=STATISTICS,
        ),
        edit(
            function,
            "uniform_within_one_std",
            "the weights are uniform between minus and plus the standard deviation; they should be normal.",
            (NORMAL_DRAW, "rng.uniform(-1, 1, (n_in, n_out))"),
            loses=STATISTICS,
        ),
        edit(
            function,
            "truncated_normal",
            "weights beyond two standard deviations are drawn again; draw from the whole normal distribution.",
            (NORMAL_DRAW, NEAR_DRAW),
            loses=STATISTICS,
        ),
        edit(
            function,
            "clipped_normal",
            "weights beyond two standard deviations are clipped; draw from the whole normal distribution.",
            (NORMAL_DRAW, f"np.clip({NORMAL_DRAW}, -2, 2)"),
            loses=STATISTICS,
        ),
        edit(
            function,
            "uniform_from_zero",
            "the weights are uniform numbers from 0 to 1, scaled: rng.random is used instead of rng.standard_normal.",
            (NORMAL_DRAW, "rng.random((n_in, n_out))"),
            loses=STATISTICS,
        ),
        edit(
            function,
            "drawn_without_sign",
            "all weights have the same sign, so that their mean is not 0.",
            (NORMAL_DRAW, f"np.abs({NORMAL_DRAW})"),
            loses=STATISTICS,
        ),
        *of_any_draw(function, NORMAL_DRAW, "standard_normal("),
    )


def of_uniform(function: str) -> tuple[Mistake, ...]:
    """The slips that every uniform initializer invites."""
    return (
        edit(
            function,
            "normal_for_uniform",
            "the weights are normal, with the right variance; they should be uniform.",
            (UNIFORM_DRAW, "rng.normal(0, half_width / np.sqrt(3), (n_in, n_out))"),
            loses=STATISTICS,
        ),
        edit(
            function,
            "interval_from_zero",
            "the weights lie between 0 and a, not between -a and a.",
            ("rng.uniform(-half_width, half_width", "rng.uniform(0, half_width"),
            loses=STATISTICS,
        ),
        edit(
            function,
            "half_the_width",
            "the interval runs from -a/2 to a/2, as if a were its whole width; it should run from -a to a.",
            ("rng.uniform(-half_width, half_width", "rng.uniform(-half_width / 2, half_width / 2"),
            loses=STATISTICS,
        ),
        edit(
            function,
            "never_scaled",
            "the weights are drawn between -1 and 1, whatever n_in and n_out are.",
            ("rng.uniform(-half_width, half_width", "rng.uniform(-1, 1"),
            loses=STATISTICS,
        ),
        *of_any_draw(function, UNIFORM_DRAW, "uniform(-half_width, half_width, "),
    )


def of_any_draw(function: str, draw: str, begin: str) -> tuple[Mistake, ...]:
    """The slips that every random initializer invites; `draw` is the expression that draws, `begin` its part before the shape."""
    return (
        edit(
            function,
            "numpy_random_for_rng",
            "the weights are drawn from numpy.random; draw them from rng.",
            (f"rng.{begin}", f"np.random.{begin}"),
            loses=STATISTICS,
        ),
        edit(
            function,
            "generator_made_inside",
            "the function makes a generator with a seed of its own, so that its weights are always the same.",
            (f"rng.{begin}", f"np.random.default_rng(0).{begin}"),
            loses=STATISTICS,
        ),
        edit(
            function,
            "one_row_for_all",
            "one row of weights is drawn and used for every input.",
            (draw, f"np.tile({draw.replace('(n_in, n_out)', 'n_out')}, (n_in, 1))"),
            loses=STATISTICS,
        ),
        edit(
            function,
            "one_column_for_all",
            "one column of weights is drawn and used for every output: the units start equal.",
            (draw, f"np.tile({draw.replace('(n_in, n_out)', '(n_in, 1)')}, (1, n_out))"),
            loses=STATISTICS,
        ),
        edit(
            function,
            "outer_product",
            "the weights are products of one number per input and one per output.",
            (draw, f"{draw}[:, :1] * rng.standard_normal(n_out)"),
            loses=STATISTICS,
        ),
        edit(
            function,
            "sizes_swapped",
            "W has the shape (n_out, n_in); it should be (n_in, n_out).",
            (f"{begin}(n_in, n_out)", f"{begin}(n_out, n_in)"),
            loses={Kind.SHAPE},
        ),
        edit(
            function,
            "single_precision",
            "the weights are turned into float32.",
            (draw, f"{draw}; W = W.astype(np.float32)" if function != "scaled_normal_init" else f"{draw}.astype(np.float32)"),
            loses={Kind.DTYPE},
        ),
        edit(
            function,
            "all_zeros",
            "the weights are left at 0.",
            (draw, "np.zeros((n_in, n_out))"),
            loses={Kind.STATISTICS, Kind.SHAPE, Kind.DTYPE},
        ),
    )


def of_another_variance(function: str, right: str, *slips: tuple[str, str, str]) -> tuple[Mistake, ...]:
    """One mistake for each other expression that stands in the place of `right`."""
    return tuple(edit(function, name, explanation, (right, wrong), loses=STATISTICS) for name, wrong, explanation in slips)


ROOT = "std = np.sqrt(variance)"

SCALED = of_another_variance(
    "scaled_normal_init",
    "std * rng",
    (
        "std_as_variance",
        "np.sqrt(std) * rng",
        "std is used as the variance: the weights are multiplied by its square root, not by std itself.",
    ),
    ("std_squared", "std**2 * rng", "the weights are multiplied by the square of std, not by std itself."),
    ("std_ignored", "0.01 * rng", "the standard deviation is always 0.01, whatever std is."),
    ("never_scaled", "rng", "the weights are not scaled by std."),
    (
        "divided_by_inputs",
        "std / np.sqrt(n_in) * rng",
        "the weights are also divided by the square root of n_in; only std should scale them.",
    ),
) + of_normal("scaled_normal_init")

LECUN = of_another_variance(
    "lecun_normal",
    "variance = 1 / n_in",
    (
        "glorots_variance",
        "variance = 2 / (n_in + n_out)",
        "the variance is 2 / (n_in + n_out), Glorot and Bengio's; it should be 1 / n_in.",
    ),
    ("fan_out", "variance = 1 / n_out", "the variance is 1 / n_out; it should be 1 / n_in."),
    ("hes_variance", "variance = 2 / n_in", "the variance is He's, 2 / n_in; it should be 1 / n_in."),
)
XAVIER_NORMAL = of_another_variance(
    "xavier_normal",
    "variance = 2 / (n_in + n_out)",
    ("lecuns_variance", "variance = 1 / n_in", "the variance is 1 / n_in, as in some notes; it should be 2 / (n_in + n_out)."),
    ("sum_alone", "variance = 1 / (n_in + n_out)", "the variance is 1 / (n_in + n_out): the 2 is missing."),
    ("hes_variance", "variance = 2 / n_in", "the variance is He's, 2 / n_in; it should be 2 / (n_in + n_out)."),
    ("fan_out", "variance = 1 / n_out", "the variance is 1 / n_out, which suits only the backward pass; it should be 2 / (n_in + n_out)."),
)
HE_NORMAL = of_another_variance(
    "he_normal",
    "variance = 2 / n_in",
    ("fan_out", "variance = 2 / n_out", "the variance is 2 / n_out; it should be 2 / n_in."),
    ("lecuns_variance", "variance = 1 / n_in", "the variance is 1 / n_in: the 2 that makes up for the ReLU is missing."),
    (
        "glorots_variance",
        "variance = 2 / (n_in + n_out)",
        "the variance is 2 / (n_in + n_out), Glorot and Bengio's; it should be 2 / n_in.",
    ),
    (
        "two_below_the_line",
        "variance = 1 / (2 * n_in)",
        "the 2 is in the denominator: the variance is 1 / (2 n_in); it should be 2 / n_in.",
    ),
)
NORMALS = tuple(
    mistake
    for function in ("lecun_normal", "xavier_normal", "he_normal")
    for mistake in (
        *of_another_variance(
            function,
            ROOT,
            ("root_forgotten", "std = variance", "the variance is used as the standard deviation: the square root is missing."),
            ("root_taken_twice", "std = np.sqrt(np.sqrt(variance))", "the square root is taken twice."),
            ("never_scaled", "std = np.float64(1.0)", "the weights are drawn from N(0, 1) and not scaled."),
        ),
        *of_normal(function),
    )
)

XAVIER_UNIFORM = of_another_variance(
    "xavier_uniform",
    "half_width = np.sqrt(6 / (n_in + n_out))",
    (
        "std_as_half_width",
        "half_width = np.sqrt(2 / (n_in + n_out))",
        "the standard deviation is used as the half width a; a should be sqrt(3) times as large.",
    ),
    ("variance_as_half_width", "half_width = 2 / (n_in + n_out)", "the variance is used as the half width a."),
    ("root_forgotten", "half_width = 6 / (n_in + n_out)", "the half width a lacks its square root."),
    ("lecuns_variance", "half_width = np.sqrt(3 / n_in)", "the variance is 1 / n_in; it should be 2 / (n_in + n_out)."),
    ("three_for_six", "half_width = np.sqrt(3 / (n_in + n_out))", "a is sqrt(3 / (n_in + n_out)); it should be sqrt(6 / (n_in + n_out))."),
    ("fan_out", "half_width = np.sqrt(6 / n_out)", "a is sqrt(6 / n_out); it should be sqrt(6 / (n_in + n_out))."),
    ("hes_variance", "half_width = np.sqrt(6 / n_in)", "the half width is He's, sqrt(6 / n_in); it should be sqrt(6 / (n_in + n_out))."),
) + of_uniform("xavier_uniform")
HE_UNIFORM = of_another_variance(
    "he_uniform",
    "half_width = np.sqrt(6 / n_in)",
    ("fan_out", "half_width = np.sqrt(6 / n_out)", "n_out is used where n_in should be."),
    (
        "glorots_half_width",
        "half_width = np.sqrt(6 / (n_in + n_out))",
        "the half width is sqrt(6 / (n_in + n_out)), Glorot and Bengio's; it should be sqrt(6 / n_in).",
    ),
    ("lecuns_variance", "half_width = np.sqrt(3 / n_in)", "the variance is 1 / n_in: the 2 that makes up for the ReLU is missing."),
    (
        "std_as_half_width",
        "half_width = np.sqrt(2 / n_in)",
        "the standard deviation is used as the half width a; a should be sqrt(3) times as large.",
    ),
    ("variance_as_half_width", "half_width = 2 / n_in", "the variance is used as the half width a."),
    ("root_forgotten", "half_width = 6 / n_in", "the half width a lacks its square root."),
) + of_uniform("he_uniform")

ZEROS = (
    edit(
        "zeros_init",
        "ones",
        "the weights start at 1.",
        ("np.zeros((n_in, n_out))", "np.ones((n_in, n_out))"),
        loses={Kind.VALUE, Kind.SHAPE, Kind.DTYPE},
    ),
    edit(
        "zeros_init",
        "small_constant",
        "the weights start at 0.01.",
        ("np.zeros((n_in, n_out))", "np.full((n_in, n_out), 0.01)"),
        loses={Kind.VALUE, Kind.SHAPE, Kind.DTYPE},
    ),
    edit(
        "zeros_init",
        "sizes_swapped",
        "W has the shape (n_out, n_in); it should be (n_in, n_out).",
        ("np.zeros((n_in, n_out))", "np.zeros((n_out, n_in))"),
        loses={Kind.SHAPE},
    ),
    edit("zeros_init", "integers", "the zeros are integers.", ("(n_in, n_out))", "(n_in, n_out), dtype=int)"), loses={Kind.DTYPE}),
)

RELU_BIAS = (
    edit(
        "relu_bias",
        "zeros",
        "the biases start at 0, as with np.zeros or an integer dtype; they should start at value.",
        ("np.full(n_out, value)", "np.zeros(n_out)"),
        loses={Kind.VALUE, Kind.SHAPE, Kind.DTYPE},
    ),
    edit("relu_bias", "value_ignored", "every bias starts at 0.01, whatever the value is.", ("n_out, value", "n_out, 0.01")),
    rewrite(
        "relu_bias",
        "another_default",
        "the default of value is 0.1; it should be 0.01.",
        "def relu_bias(n_out: int, value: float = 0.1) -> Floats:\n    return np.full(n_out, value)",
    ),
    edit(
        "relu_bias",
        "one_number",
        "one number is returned for all units; return an array of n_out numbers.",
        ("np.full(n_out, value)", "value"),
        loses={Kind.VALUE, Kind.SHAPE, Kind.DTYPE},
    ),
    edit(
        "relu_bias",
        "two_axes",
        "b has two axes, as a row or a column; it should have one, of length n_out.",
        ("n_out, value", "(1, n_out), value"),
        loses={Kind.SHAPE},
    ),
    edit("relu_bias", "single_precision", "b is float32.", ("value)", "value, dtype=np.float32)"), loses={Kind.DTYPE}),
)
