"""Known mistakes of weight initialization, the commonest of real work first."""

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
            "the weights are uniform, though of the right variance, where normal ones are required.",
            (NORMAL_DRAW, "rng.uniform(-np.sqrt(3), np.sqrt(3), (n_in, n_out))"),
            loses=STATISTICS,
        ),
        edit(
            function,
            "truncated_normal",
            "weights beyond two standard deviations are drawn again; here normal means the whole normal distribution.",
            (NORMAL_DRAW, NEAR_DRAW),
            loses=STATISTICS,
        ),
        edit(
            function,
            "clipped_normal",
            "weights beyond two standard deviations are clipped; here normal means the whole normal distribution.",
            (NORMAL_DRAW, f"np.clip({NORMAL_DRAW}, -2, 2)"),
            loses=STATISTICS,
        ),
        edit(
            function,
            "uniform_from_zero",
            "the weights are uniform numbers from 0 to 1, scaled: rng.random where rng.standard_normal is due.",
            (NORMAL_DRAW, "rng.random((n_in, n_out))"),
            loses=STATISTICS,
        ),
        edit(
            function,
            "drawn_without_sign",
            "the weights are drawn with one sign alone, so that their mean is not 0.",
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
            "the weights are normal, though of the right variance, where uniform ones are required.",
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
            "the interval runs from -a/2 to a/2: a is taken for its whole width.",
            ("rng.uniform(-half_width, half_width", "rng.uniform(-half_width / 2, half_width / 2"),
            loses=STATISTICS,
        ),
        edit(
            function,
            "never_scaled",
            "the weights are drawn between -1 and 1, whatever the sizes are.",
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
            "the weights are drawn from numpy.random, not from rng.",
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
            "W has the shape (n_out, n_in).",
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
    ("std_as_variance", "np.sqrt(std) * rng", "std is taken for the variance: the weights are scaled by its square root."),
    ("std_squared", "std**2 * rng", "the weights are scaled by the square of std."),
    ("std_ignored", "0.01 * rng", "the standard deviation is always 0.01, whatever std is."),
    ("never_scaled", "rng", "the weights are not scaled by std."),
    ("divided_by_inputs", "std / np.sqrt(n_in) * rng", "the weights are divided by the square root of n_in as well; std is all."),
) + of_normal("scaled_normal_init")

LECUN = of_another_variance(
    "lecun_normal",
    "variance = 1 / n_in",
    ("glorots_variance", "variance = 2 / (n_in + n_out)", "the variance is Glorot and Bengio's, 2 / (n_in + n_out)."),
    ("fan_out", "variance = 1 / n_out", "the variance is 1 / n_out: inputs and outputs are taken for each other."),
    ("hes_variance", "variance = 2 / n_in", "the variance is He's, 2 / n_in."),
)
XAVIER_NORMAL = of_another_variance(
    "xavier_normal",
    "variance = 2 / (n_in + n_out)",
    ("lecuns_variance", "variance = 1 / n_in", "the variance is 1 / n_in, as in some notes; Glorot and Bengio's is 2 / (n_in + n_out)."),
    ("sum_alone", "variance = 1 / (n_in + n_out)", "the variance is 1 / (n_in + n_out): the 2 is missing."),
    ("hes_variance", "variance = 2 / n_in", "the variance is He's, 2 / n_in."),
    ("fan_out", "variance = 1 / n_out", "the variance is 1 / n_out, which suits the backward pass alone."),
)
HE_NORMAL = of_another_variance(
    "he_normal",
    "variance = 2 / n_in",
    ("fan_out", "variance = 2 / n_out", "the variance is 2 / n_out: inputs and outputs are taken for each other."),
    ("lecuns_variance", "variance = 1 / n_in", "the variance is 1 / n_in: the 2 that makes up for the ReLU is missing."),
    ("glorots_variance", "variance = 2 / (n_in + n_out)", "the variance is Glorot and Bengio's, 2 / (n_in + n_out)."),
    ("two_below_the_line", "variance = 1 / (2 * n_in)", "the 2 stands below the line: the variance is 1 / (2 n_in)."),
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
        "the standard deviation is used as the half width, which is sqrt(3) times larger.",
    ),
    ("variance_as_half_width", "half_width = 2 / (n_in + n_out)", "the variance is used as the half width."),
    ("root_forgotten", "half_width = 6 / (n_in + n_out)", "the half width lacks its square root."),
    ("lecuns_variance", "half_width = np.sqrt(3 / n_in)", "the variance is 1 / n_in; Glorot and Bengio's is 2 / (n_in + n_out)."),
    ("hes_variance", "half_width = np.sqrt(6 / n_in)", "the half width is He's, sqrt(6 / n_in)."),
) + of_uniform("xavier_uniform")
HE_UNIFORM = of_another_variance(
    "he_uniform",
    "half_width = np.sqrt(6 / n_in)",
    ("fan_out", "half_width = np.sqrt(6 / n_out)", "n_out stands where n_in belongs."),
    ("glorots_half_width", "half_width = np.sqrt(6 / (n_in + n_out))", "the half width is Glorot and Bengio's, sqrt(6 / (n_in + n_out))."),
    ("lecuns_variance", "half_width = np.sqrt(3 / n_in)", "the variance is 1 / n_in: the 2 that makes up for the ReLU is missing."),
    (
        "std_as_half_width",
        "half_width = np.sqrt(2 / n_in)",
        "the standard deviation is used as the half width, which is sqrt(3) times larger.",
    ),
    ("variance_as_half_width", "half_width = 2 / n_in", "the variance is used as the half width."),
    ("root_forgotten", "half_width = 6 / n_in", "the half width lacks its square root."),
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
        "W has the shape (n_out, n_in).",
        ("np.zeros((n_in, n_out))", "np.zeros((n_out, n_in))"),
        loses={Kind.SHAPE},
    ),
    edit("zeros_init", "integers", "the zeros are integers.", ("(n_in, n_out))", "(n_in, n_out), dtype=int)"), loses={Kind.DTYPE}),
)

RELU_BIAS = (
    edit(
        "relu_bias",
        "zeros",
        "the biases start at 0.",
        ("np.full(n_out, value)", "np.zeros(n_out)"),
        loses={Kind.VALUE, Kind.SHAPE, Kind.DTYPE},
    ),
    edit("relu_bias", "value_ignored", "every bias starts at 0.01, whatever the value is.", ("n_out, value", "n_out, 0.01")),
    rewrite(
        "relu_bias",
        "another_default",
        "the value is 0.1 if none is given.",
        "def relu_bias(n_out: int, value: float = 0.1) -> Floats:\n    return np.full(n_out, value)",
    ),
    edit(
        "relu_bias",
        "one_number",
        "one number is returned for all units.",
        ("np.full(n_out, value)", "value"),
        loses={Kind.VALUE, Kind.SHAPE, Kind.DTYPE},
    ),
    edit(
        "relu_bias",
        "two_axes",
        "b has two axes, a row or a column; here it has one.",
        ("n_out, value", "(1, n_out), value"),
        loses={Kind.SHAPE},
    ),
    edit("relu_bias", "single_precision", "b is float32.", ("value)", "value, dtype=np.float32)"), loses={Kind.DTYPE}),
)

EVERY_LAYER = "for n_in, n_out in pairwise(layer_sizes):"
ZERO_BIAS = "b = np.zeros(n_out)"
NETWORK = (
    edit("initialize_network", "biases_of_relu", "the biases start at 0.01, as in relu_bias.", (ZERO_BIAS, "b = np.full(n_out, 0.01)")),
    edit(
        "initialize_network",
        "biases_of_the_inputs",
        "there is one bias per input of a layer, not one per output.",
        (ZERO_BIAS, "b = np.zeros(n_in)"),
        loses={Kind.VALUE, Kind.SHAPE},
    ),
    edit("initialize_network", "random_biases", "the biases are random too.", (ZERO_BIAS, "b = 0.01 * rng.standard_normal(n_out)")),
    edit(
        "initialize_network",
        "sizes_swapped",
        "each layer takes the later size for its inputs and the earlier one for its outputs.",
        (EVERY_LAYER, "for n_out, n_in in pairwise(layer_sizes):"),
        loses={Kind.VALUE, Kind.STATISTICS, Kind.SHAPE},
    ),
    edit(
        "initialize_network",
        "output_layer_forgotten",
        "the weights into the last layer are missing.",
        (EVERY_LAYER, "for n_in, n_out in pairwise(layer_sizes[:-1]):"),
        loses={Kind.VALUE, Kind.STATISTICS, Kind.SHAPE, Kind.DTYPE, Kind.PURITY},
    ),
    edit(
        "initialize_network",
        "input_left_out",
        "layer_sizes is taken without the input, as if the first layer were fed by one of its own size.",
        (EVERY_LAYER, "for n_in, n_out in pairwise([layer_sizes[0], *layer_sizes]):"),
        loses={Kind.VALUE, Kind.STATISTICS, Kind.SHAPE, Kind.DTYPE, Kind.PURITY},
    ),
    edit(
        "initialize_network",
        "scheme_ignored",
        "the scheme is always 'xavier_normal'.",
        ("_weight_drawers(rng).get(scheme)", "_weight_drawers(rng).get('xavier_normal')"),
        loses={Kind.VALUE, Kind.STATISTICS},
    ),
    edit(
        "initialize_network",
        "large_numbers",
        "'scaled_normal_init' draws with the standard deviation 1 in place of 0.01.",
        ("W = draw(n_in, n_out)", "W = draw(n_in, n_out) * (100 if scheme == 'scaled_normal_init' else 1)"),
        loses=STATISTICS,
    ),
    edit(
        "initialize_network",
        "uniform_schemes_are_normal",
        "the uniform schemes draw from the normal ones.",
        ("_weight_drawers(rng).get(scheme)", "_weight_drawers(rng).get(scheme.replace('uniform', 'normal'))"),
        loses=STATISTICS,
    ),
    edit(
        "initialize_network",
        "same_draws_in_every_layer",
        "every layer starts a generator with the same seed, so that layers of one size are equal.",
        ("W = draw(n_in, n_out)", "W = _weight_drawers(np.random.default_rng(0))[scheme](n_in, n_out)"),
        loses=STATISTICS,
    ),
    edit(
        "initialize_network",
        "another_generator",
        "the weights are drawn from a new generator, not from rng.",
        ("_weight_drawers(rng).get(scheme)", "_weight_drawers(np.random.default_rng()).get(scheme)"),
        loses=STATISTICS,
    ),
    edit("initialize_network", "bias_rows", "b has the shape (1, n_out).", (ZERO_BIAS, "b = np.zeros((1, n_out))"), loses={Kind.SHAPE}),
    edit(
        "initialize_network",
        "single_precision",
        "the biases are float32.",
        ("zeros(n_out)", "zeros(n_out, np.float32)"),
        loses={Kind.DTYPE},
    ),
    edit(
        "initialize_network",
        "sizes_used_up",
        "the sizes are taken out of the list layer_sizes, which belongs to the caller.",
        (EVERY_LAYER, "while len(layer_sizes) > 1:\n        n_in, n_out = layer_sizes.pop(0), layer_sizes[0]"),
        loses={Kind.PURITY},
    ),
)

MEAN_AND_STD = "mean, std = np.mean(h), np.std(h)"
DEAD = "dead = np.all(h == 0, axis=0)"
UNCOUNTED = {Kind.VALUE, Kind.PURITY, Kind.STABILITY}
ACTIVATION_STATISTICS = (
    edit(
        "activation_statistics",
        "before_the_activation",
        "mean and standard deviation are those of the sums before the activation.",
        (MEAN_AND_STD, "mean, std = np.mean(s), np.std(s)"),
    ),
    edit("activation_statistics", "bias_forgotten", "the biases are not added.", ("h @ W + b", "h @ W"), loses=UNCOUNTED),
    edit(
        "activation_statistics",
        "ddof_one",
        "the standard deviation divides by the number of values less one.",
        ("np.std(h)", "np.std(h, ddof=1)"),
    ),
    edit("activation_statistics", "variance_for_std", "the variance is given as the standard deviation.", ("np.std(h)", "np.var(h)")),
    edit(
        "activation_statistics",
        "std_per_unit",
        "the standard deviation is taken per unit and then averaged; take it over all values at once.",
        ("np.std(h)", "np.mean(np.std(h, axis=0))"),
    ),
    edit("activation_statistics", "dead_values", "dead is the share of values that are 0, not of units.", (DEAD, "dead = h == 0")),
    edit(
        "activation_statistics", "dead_once", "a unit counts as dead if it is 0 for any example.", (DEAD, "dead = np.any(h == 0, axis=0)")
    ),
    edit(
        "activation_statistics",
        "dead_examples",
        "dead is the share of examples for which every unit is 0: the axes are taken for each other.",
        (DEAD, "dead = np.all(h == 0, axis=1)"),
    ),
    edit(
        "activation_statistics",
        "dead_by_relu_alone",
        "dead is always 0 for sigmoid and tanh.",
        (DEAD, "dead = np.all(h == 0, axis=0) & (activation == 'relu')"),
    ),
    edit(
        "activation_statistics",
        "upper_end_alone",
        "only values near the upper asymptote count as saturated.",
        ("(h <= 0.01) | (h >= 0.99)", "h >= 0.99"),
        ("(h <= -0.99) | (h >= 0.99)", "h >= 0.99"),
    ),
    edit(
        "activation_statistics",
        "tanh_like_sigmoid",
        "the lower asymptote of tanh is taken to be 0; it is -1.",
        ("(h <= -0.99) | (h >= 0.99)", "(h <= 0.01) | (h >= 0.99)"),
    ),
    edit(
        "activation_statistics",
        "relu_saturates_at_zero",
        "zeros of relu are counted as saturated; they belong to dead units, if anywhere.",
        ("np.zeros_like(h, dtype=bool)", "h == 0"),
    ),
    edit(
        "activation_statistics",
        "last_layer_alone",
        "only the last layer is described.",
        ("return statistics", "return statistics[-1:]"),
        loses=UNCOUNTED,
    ),
    edit(
        "activation_statistics",
        "input_described_too",
        "the input is described as if it were a layer.",
        ("return statistics", "return [{'mean': float(np.mean(x)), 'std': float(np.std(x)), 'saturated': 0.0, 'dead': 0.0}, *statistics]"),
        loses=UNCOUNTED,
    ),
    edit(
        "activation_statistics",
        "layers_used_up",
        "the layers are taken out of the list weights, which belongs to the caller.",
        ("for W, b in weights:", "while weights:\n        W, b = weights.pop(0)"),
        loses={Kind.PURITY},
    ),
    edit(
        "activation_statistics",
        "overflowing_sigmoid",
        "exp(-s) overflows for large negative sums.",
        ("_sigmoid(s)", "1 / (1 + np.exp(-s))"),
        loses={Kind.STABILITY},
    ),
)

EVERYTHING = {Kind.VALUE, Kind.SHAPE, Kind.DTYPE, Kind.PURITY, Kind.STABILITY}
STEPS = tuple(f'"{key}": {key} - lr * d{key}' for key in ("W1", "b1", "W2", "b2"))
SYMMETRIC_STEP = (
    edit("symmetric_step", "factor_two_missing", "the derivative of (o - y)^2 lacks its factor 2.", ("do = 2 * (o - y)", "do = o - y")),
    edit("symmetric_step", "ascent", "the step goes up the gradient, not down.", *((step, step.replace(" - ", " + ")) for step in STEPS)),
    edit(
        "symmetric_step",
        "new_weights_in_the_backward_pass",
        "W2 is updated before the gradient goes back through it; all gradients belong to the old parameters.",
        ("dh = W2 @ da2", "dh = (W2 - lr * dW2) @ da2"),
    ),
    edit(
        "symmetric_step",
        "output_slope_missing",
        "the derivative of the output's sigmoid is missing.",
        ("da2 = do * o * (1 - o)", "da2 = do"),
    ),
    edit(
        "symmetric_step",
        "hidden_slope_missing",
        "the derivative of the hidden units' sigmoid is missing.",
        ("da1 = dh * h * (1 - h)", "da1 = dh"),
    ),
    edit(
        "symmetric_step",
        "output_without_sigmoid",
        "the output has no sigmoid.",
        ("o = _sigmoid(h @ W2 + b2)", "o = h @ W2 + b2"),
        ("da2 = do * o * (1 - o)", "da2 = do"),
    ),
    edit(
        "symmetric_step",
        "biases_not_updated",
        "the biases stay as they are.",
        ('"b1": b1 - lr * db1', '"b1": b1.copy()'),
        ('"b2": b2 - lr * db2', '"b2": b2.copy()'),
        loses=EVERYTHING,
    ),
    edit(
        "symmetric_step",
        "rows_as_units",
        "rows of W1 are taken for the hidden units; its columns are.",
        ("x @ W1", "W1 @ x"),
        loses=EVERYTHING,
    ),
    edit("symmetric_step", "gradient_transposed", "the gradient of W1 is transposed.", ("np.outer(x, da1)", "np.outer(da1, x)")),
    edit(
        "symmetric_step",
        "averaged_units",
        "both hidden units get the mean of their gradients.",
        ("da1 = dh * h * (1 - h)", "da1 = np.full_like(h, np.mean(dh * h * (1 - h)))"),
    ),
    edit(
        "symmetric_step",
        "no_step",
        "the parameters come back as they were.",
        *((step, step.partition(" - ")[0]) for step in STEPS),
        loses=EVERYTHING,
    ),
    edit(
        "symmetric_step",
        "output_bias_left_out",
        "b2 is missing from the dict.",
        (f"{STEPS[3]},", ""),
        loses={Kind.VALUE, Kind.SHAPE, Kind.DTYPE, Kind.STABILITY},
    ),
    edit(
        "symmetric_step",
        "in_place",
        "the parameters are updated in place.",
        *((step, f'"{step[1:3]}": np.subtract({step[1:3]}, lr * d{step[1:3]}, out={step[1:3]})') for step in STEPS),
        loses={Kind.PURITY},
    ),
    edit("symmetric_step", "flat_weights", "W2 comes back as (2,).", (STEPS[2], '"W2": (W2 - lr * dW2).ravel()'), loses={Kind.SHAPE}),
    edit(
        "symmetric_step",
        "double_precision",
        "the step size is a float64 of NumPy, which turns float32 into float64.",
        *((step, step.replace("lr", "np.float64(lr)")) for step in STEPS),
        loses={Kind.DTYPE},
    ),
    edit(
        "symmetric_step",
        "overflowing_sigmoid",
        "exp(-s) overflows for large negative sums.",
        ("h = _sigmoid(x @ W1 + b1)", "h = 1 / (1 + np.exp(-(x @ W1 + b1)))"),
        loses={Kind.STABILITY},
    ),
)
