"""The known mistakes of integration."""

from grader.checks import Kind, edit

VALUE, SHAPE, DTYPE, PURITY, STATISTICS = Kind.VALUE, Kind.SHAPE, Kind.DTYPE, Kind.PURITY, Kind.STATISTICS
ALL = {VALUE, SHAPE, DTYPE, PURITY}

HEIGHTS, SUM = "heights = (y[..., 1:] + y[..., :-1]) / 2", "np.sum(widths * heights, axis=-1)"

trapezoid = (
    edit(
        "trapezoid_rule",
        "left_ends",
        "the value at the left end of every interval is used as its height.",
        (HEIGHTS, "heights = y[..., :-1]"),
        loses=ALL,
    ),
    edit(
        "trapezoid_rule",
        "right_ends",
        "the value at the right end of every interval is used as its height.",
        (HEIGHTS, "heights = y[..., 1:]"),
        loses=ALL,
    ),
    edit("trapezoid_rule", "not_halved", "the two ends are added but not halved.", ("[..., :-1]) / 2", "[..., :-1])"), loses=ALL),
    edit(
        "trapezoid_rule",
        "equal_widths",
        "the points are treated as equally spaced.",
        ("np.diff(x)", "(x[-1] - x[0]) / (len(x) - 1)"),
        loses=ALL,
    ),
    edit("trapezoid_rule", "widths_left_out", "the heights are added without the widths.", ("np.diff(x)", "1"), loses=ALL),
    edit(
        "trapezoid_rule",
        "sum_of_everything",
        "the sum runs over all axes; it should run over the last one only.",
        (SUM, "np.sum(widths * heights)"),
        loses={VALUE, SHAPE},
    ),
    edit(
        "trapezoid_rule",
        "first_axis",
        "the sum runs over the first axis; it should run over the last.",
        ("axis=-1", "axis=0"),
        loses={VALUE, SHAPE},
    ),
    edit(
        "trapezoid_rule",
        "keeps_the_axis",
        "the axis that was integrated over is kept, with length 1.",
        ("axis=-1", "axis=-1, keepdims=True"),
        loses={SHAPE},
    ),
    edit("trapezoid_rule", "float64", "the integral is always float64.", (SUM, f"{SUM}.astype(np.float64)"), loses={DTYPE}),
    edit("trapezoid_rule", "in_place", "y itself is changed in place.", (HEIGHTS, f"{HEIGHTS}\n    y /= 2"), loses={PURITY}),
)

INNER, RULE = "inner = 4 * np.sum(y[1::2]) + 2 * np.sum(y[2:-1:2])", "(b - a) / (3 * n) * (y[0] + inner + y[n])"


def simpson(name, explanation, *edits):
    return edit("simpson_rule", name, explanation, *edits, loses={VALUE})


simpson_rule = (
    simpson("weights_exchanged", "the weights 4 and 2 are swapped.", (INNER, "inner = 2 * np.sum(y[1::2]) + 4 * np.sum(y[2:-1:2])")),
    simpson(
        "trapezoids",
        "all inner points have the same weight: that is the trapezoid rule.",
        (RULE, "(b - a) / n * (np.sum(y) - (y[0] + y[n]) / 2)"),
    ),
    simpson("last_point_in_the_sum", "the last point is counted among the inner ones too.", ("y[2:-1:2]", "y[2::2]")),
    simpson("first_point_in_the_sum", "the first point is counted among the inner ones too.", ("y[2:-1:2]", "y[0:-1:2]")),
    simpson("n_points", "there are n points, so n - 1 intervals.", ("n + 1", "n"), ("y[n]", "y[n - 1]")),
    simpson(
        "half_the_intervals",
        "n is used as the number of pairs of intervals.",
        ("a, b, n + 1", "a, b, 2 * n + 1"),
        (RULE, "(b - a) / (6 * n) * (y[0] + inner + y[-1])"),
    ),
    simpson("third_left_out", "h is not divided by 3.", ("(3 * n)", "n")),
    simpson("width_left_out", "the width b - a is left out.", ("(b - a) /", "1 /")),
    simpson("no_sign", "the width is used without its sign.", ("(b - a) /", "abs(b - a) /")),
    simpson("always_ten", "n is ignored: there are always ten intervals.", ("y = f", "n = 10\n    y = f")),
)

ESTIMATE, ERROR = "(b - a) * np.mean(y)", "(b - a) * np.std(y) / np.sqrt(n)"

monte_carlo = (
    edit(
        "monte_carlo", "estimate_without_width", "the mean is not multiplied by b - a.", (ESTIMATE, "np.mean(y)"), loses={VALUE, STATISTICS}
    ),
    edit("monte_carlo", "sum_for_mean", "the values are added; they should be averaged.", ("np.mean", "np.sum"), loses={VALUE, STATISTICS}),
    edit(
        "monte_carlo",
        "points_from_0_to_1",
        "the points are always in [0, 1); they should be in [a, b).",
        ("rng.uniform(a, b, n)", "rng.random(n)"),
        loses={STATISTICS},
    ),
    edit(
        "monte_carlo",
        "points_from_0",
        "the points lie in [0, b - a): a is not added.",
        ("rng.uniform(a, b, n)", "(b - a) * rng.random(n)"),
        loses={STATISTICS},
    ),
    edit(
        "monte_carlo",
        "normal_points",
        "the points are drawn from a normal distribution.",
        ("rng.uniform(a, b, n)", "rng.normal((a + b) / 2, (b - a) / 2, n)"),
        loses={STATISTICS},
    ),
    edit(
        "monte_carlo", "error_without_width", "the error is not multiplied by b - a.", (ERROR, "np.std(y) / np.sqrt(n)"), loses={STATISTICS}
    ),
    edit(
        "monte_carlo",
        "deviation_for_error",
        "the standard deviation of the values is returned, not that of their mean.",
        (" / np.sqrt(n)", ""),
        loses={STATISTICS},
    ),
    edit(
        "monte_carlo",
        "divided_by_n",
        "the standard deviation is divided by n; it should be divided by the root of n.",
        ("np.sqrt(n)", "n"),
        loses={STATISTICS},
    ),
    edit(
        "monte_carlo",
        "variance_for_deviation",
        "the variance is used instead of the standard deviation.",
        ("np.std", "np.var"),
        loses={STATISTICS},
    ),
    edit(
        "monte_carlo",
        "global_generator",
        "the points are drawn from numpy.random; they should be drawn from rng.",
        ("rng.uniform", "np.random.uniform"),
        loses={STATISTICS},
    ),
    edit(
        "monte_carlo",
        "own_generator",
        "a generator is made inside, so that all estimates have the same points.",
        ("rng.uniform", "np.random.default_rng(0).uniform"),
        loses={STATISTICS},
    ),
    edit(
        "monte_carlo",
        "no_error",
        "only the estimate is returned, without its error.",
        ("return estimate, error", "return estimate"),
        loses={VALUE, STATISTICS},
    ),
)
