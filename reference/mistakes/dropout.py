"""Known mistakes of dropout, for each function the commonest of real work first."""

from __future__ import annotations

from grader.checks import Kind, Mistake, edit

VALUE, GRADIENT, STATISTICS, SHAPE, DTYPE, PURITY = Kind.VALUE, Kind.GRADIENT, Kind.STATISTICS, Kind.SHAPE, Kind.DTYPE, Kind.PURITY
FORWARD_ALL = {VALUE, STATISTICS, SHAPE, DTYPE, PURITY}
BACKWARD_ALL = {GRADIENT, SHAPE, DTYPE, PURITY}

FORWARD, BACKWARD, UNSCALED, ENSEMBLE = "dropout_forward", "dropout_backward", "dropout_forward_unscaled", "ensemble_average"
KEEP, DROP = "np.random.rand(*x.shape) < p", "np.random.rand(*x.shape) > p"
MASKED = "out = x * mask"
SEEDED = 'if "seed" in dropout_param:\n            np.random.seed(dropout_param["seed"])'

SCALED = "mask = keep.astype(x.dtype) / p"
AT_TEST = "out = x.copy()"

scale = (
    edit(FORWARD, "p_taken_for_the_share_dropped",
         "p is used as the probability of dropping a unit; it should be the probability of keeping one.",
         (KEEP, DROP), (SCALED, "mask = keep.astype(x.dtype) / (1 - p)"), loses={VALUE, STATISTICS}),
    edit(FORWARD, "not_scaled", "the kept units are not divided by p, neither in training nor in test mode.",
         (SCALED, "mask = keep.astype(x.dtype)")),
    edit(FORWARD, "scaled_at_test_time_instead",
         "x is multiplied by p in test mode; it should be divided by p in training and returned as it is in test mode.",
         (SCALED, "mask = keep.astype(x.dtype)"), (AT_TEST, "out = x * p")),
    edit(FORWARD, "scaled_at_test_time_too", "x is multiplied by p in test mode, though training has divided by p.",
         (AT_TEST, "out = x * p")),
    edit(FORWARD, "kept_with_one_minus_p", "units are kept with probability 1 - p, and divided by p.", (KEEP, DROP),
         loses={VALUE, STATISTICS}),
    edit(FORWARD, "divided_by_one_minus_p", "the kept units are divided by 1 - p; they are kept with probability p.",
         (SCALED, "mask = keep.astype(x.dtype) / (1 - p)")),
    edit(FORWARD, "multiplied_by_one_minus_p", "the kept units are multiplied by 1 - p; they should be divided by p.",
         (SCALED, "mask = keep.astype(x.dtype) * (1 - p)")),
    edit(FORWARD, "multiplied_by_p", "the kept units are multiplied by p, not divided by it.", (SCALED, "mask = keep.astype(x.dtype) * p")),
    edit(FORWARD, "divided_by_p_twice", "the kept units are divided by p twice: the mask and the output are both scaled.",
         (MASKED, "out = x * mask / p")),
    edit(FORWARD, "divided_by_p_at_test_time", "x is divided by p in test mode too.", (AT_TEST, "out = x / p")),
    edit(FORWARD, "scaled_by_one_minus_p_at_test_time", "x is multiplied by 1 - p in test mode, and not scaled in training.",
         (SCALED, "mask = keep.astype(x.dtype)"), (AT_TEST, "out = x * (1 - p)")),
    edit(FORWARD, "zeros_at_test_time", "zeros are returned in test mode; return x.", (AT_TEST, "out = np.zeros_like(x)")),
    edit(FORWARD, "drops_at_test_time", "mode is ignored: test mode drops units as training does.",
         ('if mode == "train":', 'if mode in ("train", "test"):')),
)  # fmt: skip


def of_the_draws(function: str) -> tuple[Mistake, ...]:
    """The slips in drawing the mask, which both forward functions invite."""
    return (
        edit(function, "normal_for_uniform",
             "the mask compares p with normal random numbers (randn), where uniform ones (rand) are needed.",
             (KEEP, "np.random.randn(*x.shape) < p"), loses={VALUE, STATISTICS} if function == FORWARD else {STATISTICS}),
        edit(function, "nothing_dropped", "every unit is kept in training, whatever p is.",
             (KEEP, "np.random.rand(*x.shape) <= 1"), loses={STATISTICS}),
        edit(function, "fair_coin_for_p", "units are kept with probability 1/2, whatever p is.",
             (KEEP, "np.random.rand(*x.shape) < 0.5"), loses={VALUE, STATISTICS} if function == FORWARD else {STATISTICS}),
        edit(function, "one_mask_for_all_rows", "one row of the mask is drawn and used for every example.",
             (KEEP, "np.random.rand(*x.shape[1:]) < p"), loses={STATISTICS}),
        edit(function, "one_draw_per_row", "one number is drawn per example: all units of an example are kept or dropped together.",
             (KEEP, "np.random.rand(x.shape[0], *[1] * (x.ndim - 1)) < p"), loses={STATISTICS}),
        edit(function, "one_draw_per_channel", "one number is drawn per channel: its pixels are kept or dropped together.",
             (KEEP, "np.random.rand(*x.shape[:2], *[1] * (x.ndim - 2)) < p"), loses={STATISTICS}),
        edit(function, "exact_count", "exactly a share p of the units is kept, so that they are not independent.",
             (KEEP, "np.random.permutation(x.size).reshape(x.shape) < p * x.size"), loses={STATISTICS}),
        edit(function, "draws_scaled_by_x", "the random numbers are multiplied by x before they are compared with p.",
             (KEEP, "x * np.random.rand(*x.shape) < p"), loses={VALUE, STATISTICS} if function == FORWARD else {STATISTICS}),
        edit(function, "seed_ignored", "dropout_param['seed'] is not used.", (SEEDED, "pass"), loses={STATISTICS}),
        edit(function, "seed_zero_ignored", "a seed of 0 is treated as if there were no seed; ask whether the key is there.",
             ('if "seed" in dropout_param:', 'if dropout_param.get("seed"):'), loses={STATISTICS}),
        edit(function, "fixed_seed", "numpy.random gets one fixed seed in every call, so that all masks are the same.",
             (SEEDED, "np.random.seed(0)"), loses={STATISTICS}),
        edit(function, "seeded_without_a_seed", "numpy.random is seeded even if dropout_param has no seed, so that all masks are the same.",
             (SEEDED, 'np.random.seed(dropout_param.get("seed", 231))'), loses={STATISTICS}),
    )  # fmt: skip


def of_the_contract(function: str, mask: str, double: str) -> tuple[Mistake, ...]:
    """The slips that have nothing to do with chance; `double` makes the mask that `mask` makes, in float64."""
    return (
        edit(function, "mask_in_double_precision", "the mask is float64, and makes the output float64 for float32 arguments.",
             (mask, double), loses={DTYPE}),
        edit(function, "masked_in_place", "x itself is multiplied by the mask, in place.", (MASKED, "x *= mask\n        out = x"),
             loses={PURITY}),
        edit(function, "squeezed", "axes of size 1 are squeezed out of the output.", (MASKED, "out = (x * mask).squeeze()"), loses={SHAPE}),
        edit(function, "flattened", "the output has one row per example: the axes of an image are lost.",
             (MASKED, "out = (x * mask).reshape(x.shape[0], -1)"), loses={VALUE, STATISTICS, SHAPE}),
    )  # fmt: skip


forward = (
    *of_the_draws(FORWARD),
    *of_the_contract(FORWARD, SCALED, "mask = keep.astype(np.float64) / p"),
    edit(FORWARD, "no_cache", "only the output is returned, without a cache.",
         ("return out, (mode, mask)", "return out"), ("return out, (mode, None)", "return out"), loses=FORWARD_ALL),
)  # fmt: skip

GRADIENT_LINE = 'dx: Floats = dout * mask if mode == "train" else dout.copy()'
TEST_ELSE = ' if mode == "train" else dout.copy()'
KEEP_FACTOR = "mask.max()"  # 1 / p, for the reference's mask holds nothing else


def backward(name: str, explanation: str, gradient: str, loses: set[Kind] | None = None) -> Mistake:
    """Declare another gradient in training."""
    return edit(BACKWARD, name, explanation, (GRADIENT_LINE, f"dx: Floats = {gradient}{TEST_ELSE}"), loses=loses or {GRADIENT})


gradient = (
    backward("not_scaled", "the gradient is masked but not divided by p, though the forward pass divides by p.", "dout * (mask != 0)"),
    backward("fresh_mask", "the backward pass draws a mask of its own; it needs the one of the forward pass.",
             f"dout * (np.random.rand(*dout.shape) < 1 / {KEEP_FACTOR}) * {KEEP_FACTOR}", {GRADIENT, PURITY}),
    backward("no_mask", "dout is passed on unchanged in training too, without the mask.", "dout.copy()"),
    backward("scaled_without_mask", "dout is divided by p but not masked.", f"dout * {KEEP_FACTOR}"),
    backward("divided_by_p_twice", "the gradient is divided by p twice: the mask of the forward pass already holds the scale.",
             f"dout * mask * {KEEP_FACTOR}"),
    backward("multiplied_by_p", "the gradient is multiplied by p, not divided by it.", f"dout * (mask != 0) / {KEEP_FACTOR}"),
    backward("divided_by_one_minus_p", "the gradient is divided by 1 - p; the units are kept with probability p.",
             f"dout * (mask != 0) / (1 - 1 / {KEEP_FACTOR})"),
    backward("multiplied_by_one_minus_p", "the gradient is multiplied by 1 - p; it should be divided by p.",
             f"dout * (mask != 0) * (1 - 1 / {KEEP_FACTOR})"),
    backward("multiplied_without_mask", "dout is multiplied by p and not masked.", f"dout / {KEEP_FACTOR}"),
    backward("dropped_units_pass_too", "the gradient of dropped units is passed on as it is; it should be 0 there.",
             "np.where(mask == 0, dout, dout * mask)"),
    backward("dropped_units_only", "the gradient passes where the forward pass dropped a unit; it should pass where one was kept.",
             f"dout * (mask == 0) * {KEEP_FACTOR}"),
    edit(BACKWARD, "no_gradient_at_test_time",
         "no gradient is passed on in test mode; the forward pass is the identity there, so dx should be dout.",
         ("else dout.copy()", "else np.zeros_like(dout)"), loses={GRADIENT}),
    edit(BACKWARD, "cache_overwritten", "the mask in the cache is multiplied in place, so that the cache can be used only once.",
         ("mode, mask = cache\n", 'mode, mask = cache\n    if mode == "train":\n        mask *= dout\n'),
         ("dout * mask", "mask * 1"), loses={PURITY}),
    backward("gradient_in_double_precision", "the mask is float64, and makes the gradient float64 for float32 arguments.",
             "dout * mask.astype(np.float64)", {DTYPE}),
    backward("gradient_squeezed", "axes of size 1 are squeezed out of the gradient.", "(dout * mask).squeeze()", {SHAPE}),
    backward("gradient_flattened", "the gradient has one row per example: the axes of an image are lost.",
             "(dout * mask).reshape(dout.shape[0], -1)", {GRADIENT, SHAPE}),
    edit(BACKWARD, "gradient_masked_in_place", "dout itself is multiplied by the mask, in place.",
         ("\n    return dx", '\n    if mode == "train":\n        dout *= mask\n    return dx'), loses={PURITY}),
    edit(BACKWARD, "a_pair", "a pair is returned; return only the gradient.", ("return dx", "return dx, None"),
         loses=BACKWARD_ALL),
)  # fmt: skip

UNSCALED_MASK, UNSCALED_TEST = "mask = keep.astype(x.dtype)", "out = x * p"

unscaled = (
    edit(UNSCALED, "inverted_dropout", "this is inverted dropout: training divides by p, and test mode returns x.",
         (UNSCALED_MASK, f"{UNSCALED_MASK} / p"), (UNSCALED_TEST, "out = x * 1")),
    edit(UNSCALED, "not_scaled_at_test_time", "test mode returns x without the factor p.", (UNSCALED_TEST, "out = x * 1")),
    edit(UNSCALED, "scaled_in_training_too", "the kept units are divided by p in training, though test mode multiplies by p.",
         (UNSCALED_MASK, f"{UNSCALED_MASK} / p")),
    edit(UNSCALED, "p_taken_for_the_share_dropped",
         "p is used as the probability of dropping a unit; it should be the probability of keeping one.",
         (KEEP, DROP), (UNSCALED_TEST, "out = x * (1 - p)"), loses={VALUE, STATISTICS}),
    edit(UNSCALED, "kept_with_one_minus_p", "units are kept with probability 1 - p, though test mode multiplies by p.", (KEEP, DROP),
         loses={STATISTICS}),
    edit(UNSCALED, "scaled_by_one_minus_p_at_test_time", "test mode multiplies by 1 - p; it should multiply by p.",
         (UNSCALED_TEST, "out = x * (1 - p)")),
    edit(UNSCALED, "divided_by_p_at_test_time", "test mode divides by p; it should multiply by p.", (UNSCALED_TEST, "out = x / p")),
    edit(UNSCALED, "multiplied_by_p_in_training", "x is multiplied by p in training too.", (UNSCALED_MASK, f"{UNSCALED_MASK} * p")),
    edit(UNSCALED, "drops_at_test_time", "mode is ignored: test mode drops units as training does.",
         ('if mode == "train":', 'if mode in ("train", "test"):')),
    *of_the_draws(UNSCALED),
    *of_the_contract(UNSCALED, UNSCALED_MASK, "mask = keep.astype(np.float64)"),
    edit(UNSCALED, "no_cache", "only the output is returned, without a cache.",
         ("return out, mask", "return out"), ("return out, p", "return out"), loses=FORWARD_ALL),
)  # fmt: skip

OUTPUTS = "outputs = (masks * x) @ theta"
PROBABILITIES = "probabilities = p**kept * (1 - p) ** (n - kept)"
RESULT = "return float(np.sum(probabilities * outputs))"

ensemble = (
    edit(ENSEMBLE, "all_masks_alike", "every mask has the weight 1 / 2^n; it should have its probability, which depends on p.",
         (PROBABILITIES, "probabilities = np.full(2**n, 0.5**n)"), loses={VALUE, SHAPE, PURITY}),
    edit(ENSEMBLE, "summed_without_weights", "the outputs of all masks are summed without their probabilities as weights.",
         (PROBABILITIES, "probabilities = 1.0"), loses={VALUE, SHAPE, PURITY}),
    edit(ENSEMBLE, "divided_by_p", "the masks are divided by p, so that the average is theta.x; they should not be scaled.",
         (OUTPUTS, "outputs = (masks * x / p) @ theta"), loses={VALUE, SHAPE, PURITY}),
    edit(ENSEMBLE, "multiplied_by_p_once_more", "the average is multiplied by p, which the probabilities of the masks already hold.",
         (RESULT, "return float(p * np.sum(probabilities * outputs))"), loses={VALUE, SHAPE, PURITY}),
    edit(ENSEMBLE, "p_taken_for_the_share_dropped", "p is used as the probability of dropping an input; it should be that of keeping one.",
         (PROBABILITIES, "probabilities = (1 - p) ** kept * p ** (n - kept)"), loses={VALUE, SHAPE, PURITY}),
    edit(ENSEMBLE, "dropped_inputs_not_weighed", "the probability of a mask lacks the factors (1 - p) of the dropped inputs.",
         (PROBABILITIES, "probabilities = p**kept"), loses={VALUE, SHAPE, PURITY}),
    edit(ENSEMBLE, "full_network_alone", "only the full network counts, theta.x times its probability; the other masks are left out.",
         (OUTPUTS, "outputs = np.where(kept == n, x @ theta, 0)"), loses={VALUE, SHAPE, PURITY}),
    edit(ENSEMBLE, "weights_alone", "the inputs are left out: the masks are multiplied only by theta.",
         (OUTPUTS, "outputs = masks @ theta"),
         loses={VALUE, SHAPE, PURITY}),
    edit(ENSEMBLE, "typical_masks_alone",
         "only the masks that keep round(p * n) inputs are averaged; all 2^n masks count, weighted by probability.",
         (PROBABILITIES, "probabilities = (kept == round(p * n)) / np.sum(kept == round(p * n))"), loses={VALUE, SHAPE, PURITY}),
    edit(ENSEMBLE, "typical_masks_rounded_down",
         "only the masks that keep int(p * n) inputs are averaged; all 2^n masks count, weighted by probability.",
         (PROBABILITIES, "probabilities = (kept == int(p * n)) / np.sum(kept == int(p * n))"), loses={VALUE, SHAPE, PURITY}),
    edit(ENSEMBLE, "full_network_left_out", "the last mask, which keeps every input, is left out: the count ends at 2^n - 1.",
         ("np.arange(2**n)", "np.arange(2**n - 1)"), loses={VALUE, SHAPE, PURITY}),
    edit(ENSEMBLE, "one_input_at_a_time", "only the n masks that keep one single input are looked at; there are 2^n masks.",
         (PROBABILITIES, f"{PROBABILITIES} * (kept == 1)"), loses={VALUE, SHAPE, PURITY}),
    edit(ENSEMBLE, "mean_over_the_masks", "the weighted sum is divided by 2^n once more; the probabilities add up to 1 already.",
         (RESULT, "return float(np.mean(probabilities * outputs))"), loses={VALUE, SHAPE, PURITY}),
    edit(ENSEMBLE, "first_half_of_the_masks", "the masks that keep the last input, half of all, are left out.",
         ("np.arange(2**n)", "np.arange(max(2 ** (n - 1), 1))"), loses={VALUE, SHAPE, PURITY}),
    edit(ENSEMBLE, "few_masks_at_random", "some masks are drawn at random and averaged; the mean over all of them is exact.",
         (RESULT, "return float(np.mean(((np.random.rand(1000, n) < p) * x) @ theta))"), loses={VALUE, SHAPE, PURITY}),
    edit(ENSEMBLE, "an_array_of_one", "an array of one number is returned; return a plain number.",
         (RESULT, "return np.sum(probabilities * outputs, keepdims=True)"), loses={SHAPE}),
    edit(ENSEMBLE, "inputs_scaled_in_place", "x itself is multiplied by p, in place.",
         (RESULT, "x *= p\n    return float(np.dot(theta, x))"), loses={PURITY}),
)  # fmt: skip
