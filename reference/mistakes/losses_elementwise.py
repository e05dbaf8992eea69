"""Known mistakes of binary cross-entropy and of the squared error."""

from __future__ import annotations

from grader.checks import Kind, Mistake, edit

VALUE, GRADIENT, STABILITY = Kind.VALUE, Kind.GRADIENT, Kind.STABILITY
SHAPE, DTYPE, PURITY = Kind.SHAPE, Kind.DTYPE, Kind.PURITY
TIDINESS = {SHAPE, DTYPE, PURITY}

BINARY, SQUARED = "binary_cross_entropy", "mse_loss"

LOSSES = "losses = np.logaddexp(0, scores) - targets * scores"
MEAN = "loss = np.mean(losses)"
P = "p = np.exp(-np.logaddexp(0, -scores))"
DSCORES = "dscores: Floats = (p - targets) / scores.size"
RETURNED = "return loss, dscores"
NAIVE = "s = 1 / (1 + np.exp(-scores))\n    losses = -(targets * np.log(s) + (1 - targets) * np.log(1 - s))"


def wrong_loss(name: str, explanation: str, *edits: tuple[str, str]) -> Mistake:
    """Declare another loss, with the right gradient."""
    return edit(BINARY, name, explanation, *edits, loses={VALUE, STABILITY})


def wrong_gradient(name: str, explanation: str, new: str) -> Mistake:
    """Declare another gradient, with the right loss."""
    return edit(BINARY, name, explanation, (DSCORES, f"dscores: Floats = {new}"), loses={GRADIENT, STABILITY})


def all_wrong(name: str, explanation: str, *edits: tuple[str, str]) -> Mistake:
    """Declare a mistake after which neither loss nor gradient is right."""
    return edit(BINARY, name, explanation, *edits, loses={VALUE, GRADIENT, STABILITY} | TIDINESS)


of_binary_cross_entropy = (
    edit(BINARY, "logarithms_of_probabilities", "the logarithm is taken of p and 1 - p, one of which becomes 0 for a large score.",
         (LOSSES, NAIVE), loses={STABILITY}),
    edit(BINARY, "probabilities_clipped", "p is clipped before the logarithm, so that no loss exceeds a cap of about 28.",
         (LOSSES, NAIVE.replace("\n", "\n    s = np.clip(s, 1e-12, 1 - 1e-12)\n")), loses={VALUE, STABILITY}),
    edit(BINARY, "probabilities_clipped_early", "p is clipped to 1e-7 before the logarithm, so that no loss exceeds a cap of about 16.",
         (LOSSES, NAIVE.replace("\n", "\n    s = np.clip(s, 1e-7, 1 - 1e-7)\n")), loses={VALUE, STABILITY}),
    edit(BINARY, "small_number_added", "a small number is added to p and to 1 - p before the logarithm, which caps the loss.",
         (LOSSES, "s = 1 / (1 + np.exp(-scores))\n    losses = -(targets * np.log(s + 1e-8) + (1 - targets) * np.log(1 - s + 1e-8))"),
         loses={VALUE, STABILITY}),
    edit(BINARY, "scores_clipped", "scores are clipped, so that no loss exceeds the cap.",
         (LOSSES, "clipped = np.clip(scores, -30, 30)\n    losses = np.logaddexp(0, clipped) - targets * clipped"),
         loses={VALUE, STABILITY}),
    edit(BINARY, "exponential_overflows", "the logarithm of 1 + exp(s) is taken as it stands, which is infinite for a large score.",
         (LOSSES, "losses = np.log(1 + np.exp(scores)) - targets * scores"), loses={STABILITY}),
    edit(BINARY, "sigmoid_overflows", "the sigmoid computes exp(-s), which overflows for a large negative score.",
         (P, "p = 1 / (1 + np.exp(-scores))"), loses={STABILITY}),
    wrong_loss("sign_dropped", "the minus sign is missing, as on one slide: the loss is negative.", (MEAN, "loss = -np.mean(losses)")),
    wrong_loss("loss_summed", "the loss is summed over the elements, though the gradient is averaged.", (MEAN, "loss = np.sum(losses)")),
    all_wrong("summed", "loss and gradient are summed over the elements, not averaged.", (MEAN, "loss = np.sum(losses)"),
              (DSCORES, "dscores: Floats = p - targets")),
    wrong_gradient("gradient_not_averaged", "the gradient is not divided by the number of elements, though the loss is.", "p - targets"),
    wrong_gradient("gradient_of_probabilities", "the gradient is with respect to p, not to the score: the factor p (1 - p) is missing.",
                   "(p - targets) / np.maximum(p * (1 - p), 1e-12) / scores.size"),
    wrong_gradient("sigmoid_derivative_again", "the gradient is multiplied by p (1 - p), which has already cancelled.",
                   "(p - targets) * p * (1 - p) / scores.size"),
    wrong_gradient("gradient_of_the_negative_loss", "the gradient has the wrong sign: it is y - p; it should be p - y.",
                   "(targets - p) / scores.size"),
    wrong_gradient("gradient_of_the_scores", "the gradient is the score minus the label; the sigmoid is forgotten.",
                   "(scores - targets) / scores.size"),
    all_wrong("labels_exchanged", "the terms of the labels 0 and 1 are swapped.", ("targets = y.astype(scores.dtype)",
              "targets = 1 - y.astype(scores.dtype)")),
    wrong_loss("loss_with_labels_exchanged", "the terms of the labels 0 and 1 are swapped in the loss.",
               (LOSSES, "losses = np.logaddexp(0, scores) - (1 - targets) * scores")),
    wrong_loss("label_zero_alone", "the loss is -(1 - y) log(1 - p) alone: examples with the label 1 have none.",
               (LOSSES, "losses = (1 - targets) * np.logaddexp(0, scores)")),
    wrong_loss("minus_for_the_first_term_alone", "brackets are missing: the minus sign is applied to y log p alone.",
               (LOSSES, "losses = targets * np.logaddexp(0, -scores) - (1 - targets) * np.logaddexp(0, scores)")),
    wrong_loss("labels_of_either_sign", "the loss is log(1 + e^(-y s)), which is for labels -1 and 1; it should be for 0 and 1.",
               (LOSSES, "losses = np.logaddexp(0, -targets * scores)")),
    wrong_gradient("gradient_with_the_other_probability",
                   "the gradient is computed with 1 - p instead of p: the sigmoid has the wrong sign.",
                   "(1 - p - targets) / scores.size"),
    wrong_loss("label_one_alone", "the loss is -y log p alone: examples with the label 0 have none.",
               (LOSSES, "losses = targets * np.logaddexp(0, -scores)")),
    wrong_loss("binary_logarithm", "the logarithm has the base 2; it should be the natural one.",
               (MEAN, "loss = np.mean(losses) / np.log(2)")),
    wrong_loss("averaged_over_ones", "the loss is divided by the number of ones, not of all elements.",
               (MEAN, "loss = np.sum(losses) / max(np.sum(targets), 1)")),
    wrong_loss("sigmoid_twice", "the sigmoid is applied twice before the logarithm.",
               (LOSSES, "s = np.exp(-np.logaddexp(0, -scores))\n    losses = np.logaddexp(0, s) - targets * s")),
    wrong_loss("hinge_of_the_score", "the loss is max(0, s) - y s; the term log(1 + e^-|s|) is missing.",
               (LOSSES, "losses = np.maximum(scores, 0) - targets * scores")),
    wrong_loss("squared_error", "the loss is the mean of (p - y) squared.",
               (LOSSES, "losses = (np.exp(-np.logaddexp(0, -scores)) - targets) ** 2")),
    edit(BINARY, "one_loss_per_example", "the losses of the examples are returned, where their mean is required.",
         (MEAN, "loss = losses"), loses={VALUE, STABILITY, SHAPE}),
    edit(BINARY, "flattened", "the gradient is flattened: it should have the shape of the scores.",
         (RETURNED, "return loss, dscores.ravel()"), loses={SHAPE}),
    edit(BINARY, "labels_promote", "integer labels make the gradient float64 for float32 scores.",
         ("targets = y.astype(scores.dtype)", "targets = y"), loses={DTYPE}),
    edit(BINARY, "in_place", "the scores are turned into probabilities in place.", (RETURNED, "scores[:] = p\n    return loss, dscores"),
         loses={PURITY}),
    edit(BINARY, "loss_alone", "the loss is returned alone, without the gradient.", (RETURNED, "return loss"),
         loses={VALUE, GRADIENT, STABILITY} | TIDINESS),
)  # fmt: skip


ERRORS = "errors = pred - target"
SQUARES = "loss = np.sum(errors**2) / n"
DPRED = "dpred: Floats = 2 * errors / n"
PAIR = "return loss, dpred"


def squared(name: str, explanation: str, *edits: tuple[str, str], loses: set[Kind]) -> Mistake:
    """Declare another squared error."""
    return edit(SQUARED, name, explanation, *edits, loses=loses)


of_mse_loss = (
    squared("averaged_over_components_too", "loss and gradient are averaged over all entries: divided by N * D, not by N.",
            (SQUARES, "loss = np.mean(errors**2)"), (DPRED, "dpred: Floats = 2 * errors / pred.size"), loses={VALUE, GRADIENT} | TIDINESS),
    squared("loss_averaged_over_components_too", "the loss is averaged over all entries, though the gradient is divided by N alone.",
            (SQUARES, "loss = np.mean(errors**2)"), loses={VALUE}),
    squared("gradient_averaged_over_components_too", "the gradient is divided by N * D, though the loss is divided by N alone.",
            (DPRED, "dpred: Floats = 2 * errors / pred.size"), loses={GRADIENT}),
    squared("halved", "loss and gradient have a factor 1/2.", (SQUARES, "loss = np.sum(errors**2) / (2 * n)"),
            (DPRED, "dpred: Floats = errors / n"), loses={VALUE, GRADIENT} | TIDINESS),
    squared("loss_halved", "the loss has a factor 1/2, but the gradient has not.", (SQUARES, "loss = np.sum(errors**2) / (2 * n)"),
            loses={VALUE}),
    squared("gradient_without_two", "the 2 of the derivative of a square is missing.", (DPRED, "dpred: Floats = errors / n"),
            loses={GRADIENT}),
    squared("summed_over_examples", "loss and gradient are summed over the examples, not averaged.",
            (SQUARES, "loss = np.sum(errors**2)"), (DPRED, "dpred: Floats = 2 * errors"), loses={VALUE, GRADIENT} | TIDINESS),
    squared("loss_summed", "the loss is summed over the examples, though the gradient is averaged.",
            (SQUARES, "loss = np.sum(errors**2)"), loses={VALUE}),
    squared("gradient_not_averaged", "the gradient is not divided by N, though the loss is.", (DPRED, "dpred: Floats = 2 * errors"),
            loses={GRADIENT}),
    squared("averaged_over_components_alone", "the sum is divided by the number of components D, not by the number of examples N.",
            ("n = pred.shape[0]", "n = pred.shape[1]"), loses={VALUE, GRADIENT} | TIDINESS),
    squared("gradient_of_the_targets", "the gradient has the wrong sign: it is the one with respect to the targets.",
            (DPRED, "dpred: Floats = -2 * errors / n"), loses={GRADIENT}),
    squared("absolute_errors", "absolute errors are summed, not squared ones.", (SQUARES, "loss = np.sum(np.abs(errors)) / n"),
            (DPRED, "dpred: Floats = np.sign(errors) / n"), loses={VALUE, GRADIENT} | TIDINESS),
    squared("errors_not_squared", "the errors are summed without being squared, so that they cancel.",
            (SQUARES, "loss = np.sum(errors) / n"), loses={VALUE}),
    squared("root_of_the_mean", "the square root of the mean is returned.", (SQUARES, "loss = np.sqrt(np.sum(errors**2) / n)"),
            loses={VALUE}),
    squared("norms_of_the_examples", "the mean of the lengths of the errors is taken, not of their squares.",
            (SQUARES, "loss = np.sum(np.sqrt(np.sum(errors**2, axis=1))) / n"), loses={VALUE}),
    squared("sum_squared", "the errors of an example are summed before they are squared.",
            (SQUARES, "loss = np.sum(np.sum(errors, axis=1) ** 2) / n"), loses={VALUE}),
    squared("difference_of_squares", "pred^2 - target^2 is summed; it should be (pred - target)^2.",
            (SQUARES, "loss = np.sum(pred**2 - target**2) / n"), loses={VALUE}),
    squared("gradient_without_the_target", "the gradient is 2 * pred / N; it should be 2 * (pred - target) / N.",
            (DPRED, "dpred: Floats = 2 * pred / n"), loses={GRADIENT}),
    squared("gradient_of_the_loss_value", "the gradient is multiplied by the loss.", (DPRED, "dpred: Floats = 2 * errors / n * loss"),
            loses={GRADIENT}),
    squared("one_loss_per_example", "the losses of the examples are returned, where their mean is required.",
            (SQUARES, "loss = np.sum(errors**2, axis=1)"), loses={VALUE, SHAPE}),
    squared("flattened", "axes of size 1 are squeezed out of the gradient.", (PAIR, "return loss, dpred.squeeze()"), loses={SHAPE}),
    squared("an_array_of_one", "the loss is an array of one number, where a number is required.",
            (PAIR, "return np.array([loss]), dpred"), loses={SHAPE}),
    squared("double_precision", "the gradient is float64 for float32 arguments.", (PAIR, "return loss, dpred.astype(np.float64)"),
            loses={DTYPE}),
    squared("in_place", "the target is subtracted from pred itself, in place.", (ERRORS, "pred -= target\n    errors = pred"),
            loses={PURITY}),
    squared("loss_alone", "the loss is returned alone, without the gradient.", (PAIR, "return loss"), loses={VALUE, GRADIENT} | TIDINESS),
)  # fmt: skip
