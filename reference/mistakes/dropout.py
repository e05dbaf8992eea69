"""Known mistakes of dropout, the commonest of real work first."""

from __future__ import annotations

from grader.checks import Kind, Mistake, edit

TIDY = {Kind.SHAPE, Kind.DTYPE, Kind.PURITY}
DRAW = "keep = np.random.rand(*x.shape) < p"
INVERTED = "mask = keep.astype(x.dtype) / p"
PLAIN = "mask = keep.astype(x.dtype)"
OUT = "out = x * mask"


def draws(function: str, at_p_one: set[Kind]) -> tuple[Mistake, ...]:
    """The mistakes of drawing that both forms of dropout can make."""
    return (
        edit(
            function,
            "whole_rows_dropped",
            "one number is drawn per example, so that whole rows are dropped together.",
            (DRAW, "keep = np.random.rand(x.shape[0], *([1] * (x.ndim - 1))) < p + np.zeros(x.shape)"),
            loses={Kind.STATISTICS},
        ),
        edit(
            function,
            "whole_columns_dropped",
            "one number is drawn per feature, so that whole columns are dropped together.",
            (DRAW, "keep = np.random.rand(*x.shape[1:]) < p + np.zeros(x.shape)"),
            loses={Kind.STATISTICS},
        ),
        edit(
            function,
            "normal_numbers_for_uniform_ones",
            "normal numbers (randn) are compared with p; they must be uniform (rand).",
            (DRAW, "keep = np.random.randn(*x.shape) < p"),
            loses={Kind.STATISTICS, *at_p_one},
        ),
        edit(
            function,
            "exact_number_kept",
            "exactly p n units are kept by every call, so that units are not independent.",
            (DRAW, "keep = np.random.permutation(x.size).reshape(x.shape) < round(p * x.size)"),
            loses={Kind.STATISTICS},
        ),
        edit(
            function,
            "same_mask_at_every_call",
            "the generator is seeded anew at every call, so that every call drops the same units.",
            (DRAW, "keep = np.random.RandomState(0).rand(*x.shape) < p"),
            loses={Kind.STATISTICS},
        ),
        edit(
            function,
            "nothing_dropped",
            "nothing is dropped in training.",
            (DRAW, "keep = np.random.rand(*x.shape) < 2"),
            loses={Kind.STATISTICS},
        ),
        edit(
            function, "float64_always", "the result is float64 whatever comes in.", (OUT, f"{OUT}.astype(np.float64)"), loses={Kind.DTYPE}
        ),
        edit(
            function,
            "an_axis_too_many",
            "the result has an axis of size 1 that is not asked for.",
            (OUT, f"{OUT}[None]"),
            loses={Kind.SHAPE},
        ),
        edit(function, "argument_overwritten", "the mask is applied to x itself.", (OUT, "x *= mask; out = x"), loses={Kind.PURITY}),
        edit(
            function,
            "output_alone",
            "the output is returned alone, without a cache.",
            (f"        {OUT}\n", f"        return x * mask\n        {OUT}\n"),
            loses={Kind.VALUE, Kind.STATISTICS, *TIDY},
        ),
    )


FORWARD = (
    edit(
        "dropout_forward",
        "p_taken_for_the_share_dropped",
        "p is taken for the probability of dropping a unit; here it is the probability of keeping one.",
        (DRAW, "keep = np.random.rand(*x.shape) > p"),
        (INVERTED, "mask = keep.astype(x.dtype) / (1 - p) if p < 1 else keep.astype(x.dtype)"),
        loses={Kind.VALUE, Kind.STATISTICS},
    ),
    edit(
        "dropout_forward",
        "kept_with_one_minus_p_but_scaled_by_p",
        "units are kept with probability 1 - p, but divided by p.",
        (DRAW, "keep = np.random.rand(*x.shape) > p"),
        loses={Kind.VALUE, Kind.STATISTICS},
    ),
    edit("dropout_forward", "not_scaled", "the kept units are not divided by p.", (INVERTED, PLAIN), loses={Kind.VALUE}),
    edit(
        "dropout_forward",
        "multiplied_by_p",
        "the kept units are multiplied by p, not divided by it.",
        (INVERTED, f"{PLAIN} * p"),
        loses={Kind.VALUE},
    ),
    edit(
        "dropout_forward",
        "divided_by_one_minus_p",
        "the kept units are divided by 1 - p; p is the probability of keeping, so it is what they are divided by.",
        (INVERTED, f"{PLAIN} / (1 - p) if p < 1 else keep.astype(x.dtype)"),
        loses={Kind.VALUE},
    ),
    edit(
        "dropout_forward",
        "scaled_at_test_time_instead",
        "the scale is applied at test time, by p, and not in training: that is the other form of dropout, dropout_forward_unscaled.",
        (INVERTED, PLAIN),
        ("out = x.copy()", "out = x * p"),
        loses={Kind.VALUE},
    ),
    edit(
        "dropout_forward",
        "scaled_at_both_times",
        "the output is multiplied by p at test time although training has divided by it.",
        ("out = x.copy()", "out = x * p"),
        loses={Kind.VALUE},
    ),
    edit(
        "dropout_forward",
        "dropped_at_test_time",
        "units are dropped at test time too.",
        ("out = x.copy()", "out = x * (np.random.rand(*x.shape) < p) / p"),
        loses={Kind.VALUE},
    ),
    edit(
        "dropout_forward",
        "nothing_at_test_time",
        "0 is returned at test time.",
        ("out = x.copy()", "out = np.zeros_like(x)"),
        loses={Kind.VALUE},
    ),
    edit(
        "dropout_forward",
        "seed_ignored",
        "dropout_param['seed'] is ignored, so that a run cannot be repeated.",
        ('np.random.seed(dropout_param["seed"])', "pass"),
        loses={Kind.STATISTICS},
    ),
    *draws("dropout_forward", {Kind.VALUE}),
)

LINE = 'dx: Floats = dout * mask if mode == "train" else dout.copy()'
BACKWARD = (
    edit(
        "dropout_backward",
        "no_mask",
        "dout is passed through everywhere, as if nothing had been dropped.",
        (LINE, "dx = dout.copy()"),
        loses={Kind.GRADIENT},
    ),
    edit(
        "dropout_backward",
        "another_mask",
        "a new mask is drawn; the gradient must take the mask of the forward pass.",
        (LINE, 'dx = dout * (np.random.permutation(mask.ravel()).reshape(mask.shape)) if mode == "train" else dout.copy()'),
        loses={Kind.GRADIENT, Kind.PURITY},
    ),
    edit(
        "dropout_backward",
        "not_scaled",
        "the kept gradients are not divided by p.",
        (LINE, 'dx = dout * (mask > 0) if mode == "train" else dout.copy()'),
        loses={Kind.GRADIENT},
    ),
    edit(
        "dropout_backward",
        "scaled_twice",
        "the kept gradients are divided by p twice.",
        (LINE, 'dx = dout * mask**2 if mode == "train" else dout.copy()'),
        loses={Kind.GRADIENT},
    ),
    edit(
        "dropout_backward",
        "mask_inverted",
        "the gradient is passed where units were dropped.",
        (LINE, 'dx = dout * (mask == 0) * mask.max() if mode == "train" else dout.copy()'),
        loses={Kind.GRADIENT},
    ),
    edit(
        "dropout_backward",
        "nothing_at_test_time",
        "no gradient is passed at test time.",
        (LINE, 'dx = dout * mask if mode == "train" else dout * 0'),
        loses={Kind.GRADIENT},
    ),
    edit(
        "dropout_backward",
        "float64_always",
        "the result is float64 whatever comes in.",
        (LINE, f"{LINE}; dx = dx.astype(np.float64)"),
        loses={Kind.DTYPE},
    ),
    edit(
        "dropout_backward",
        "an_axis_too_many",
        "the result has an axis of size 1 that is not asked for.",
        (LINE, f"{LINE}; dx = dx[None]"),
        loses={Kind.SHAPE},
    ),
    edit(
        "dropout_backward", "argument_overwritten", "the work is done on dout itself.", (LINE, f"{LINE}; dout *= 0.5"), loses={Kind.PURITY}
    ),
    edit(
        "dropout_backward",
        "mask_besides",
        "the mask is returned beside the gradient.",
        ("return dx", "return dx, mask"),
        loses={Kind.GRADIENT, *TIDY},
    ),
)

UNSCALED = (
    edit(
        "dropout_forward_unscaled",
        "p_taken_for_the_share_dropped",
        "p is taken for the probability of dropping a unit; here it is the probability of keeping one.",
        (DRAW, "keep = np.random.rand(*x.shape) > p"),
        loses={Kind.STATISTICS},
    ),
    edit(
        "dropout_forward_unscaled",
        "scaled_in_training",
        "the kept units are divided by p in training; that is inverted dropout.",
        (OUT, f"{OUT} / p"),
        loses={Kind.VALUE},
    ),
    edit(
        "dropout_forward_unscaled",
        "identity_at_test_time",
        "x is returned at test time as it is; it must be multiplied by p.",
        ("out = x * p", "out = x * 1"),
        loses={Kind.VALUE},
    ),
    edit(
        "dropout_forward_unscaled",
        "divided_at_test_time",
        "x is divided by p at test time; it must be multiplied by p.",
        ("out = x * p", "out = x / p"),
        loses={Kind.VALUE},
    ),
    edit(
        "dropout_forward_unscaled",
        "one_minus_p_at_test_time",
        "x is multiplied by 1 - p at test time; p is the probability of keeping.",
        ("out = x * p", "out = x * (1 - p)"),
        loses={Kind.VALUE},
    ),
    *draws("dropout_forward_unscaled", set()),
)

MEAN = "return float(np.sum(probabilities * outputs))"
AVERAGE_LOST = {Kind.VALUE, Kind.SHAPE, Kind.PURITY}
AVERAGE = (
    edit(
        "ensemble_average",
        "all_masks_alike",
        "every mask has the same weight; each must have its probability.",
        (MEAN, "return float(np.mean(outputs))"),
        loses=AVERAGE_LOST,
    ),
    edit(
        "ensemble_average",
        "p_of_dropping",
        "p is taken for the probability of dropping an input.",
        ("p**kept * (1 - p) ** (n - kept)", "(1 - p) ** kept * p ** (n - kept)"),
        loses=AVERAGE_LOST,
    ),
    edit(
        "ensemble_average",
        "scaled",
        "the masks are scaled by 1 / p as in inverted dropout; here they are not.",
        (MEAN, "return float(np.sum(probabilities * outputs) / p)"),
        loses=AVERAGE_LOST,
    ),
    edit(
        "ensemble_average",
        "scaled_twice",
        "the result is multiplied by p once more.",
        (MEAN, "return float(np.sum(probabilities * outputs) * p)"),
        loses=AVERAGE_LOST,
    ),
    edit(
        "ensemble_average",
        "array_for_a_number",
        "an array of one number is returned, not a number.",
        (MEAN, "return np.sum(probabilities * outputs, keepdims=True)"),
        loses={Kind.SHAPE},
    ),
    edit(
        "ensemble_average",
        "argument_overwritten",
        "the work is done on x itself.",
        (MEAN, "x *= 2.0; return float(np.sum(probabilities * outputs))"),
        loses={Kind.PURITY},
    ),
)
