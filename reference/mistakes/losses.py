"""Known mistakes of the losses of classification over several classes, for each function the commonest of real work first."""

from __future__ import annotations

from grader.checks import Kind, Mistake, edit

VALUE, GRADIENT, STABILITY = Kind.VALUE, Kind.GRADIENT, Kind.STABILITY
SHAPE, DTYPE, PURITY = Kind.SHAPE, Kind.DTYPE, Kind.PURITY
# What earns nothing where no value and no gradient is right.
TIDINESS = {SHAPE, DTYPE, PURITY}

SOFTMAX, CROSS_ENTROPY, HINGE = "softmax", "softmax_loss", "svm_loss"
SHIFT = "shifted = x - np.max(x, axis=1, keepdims=True)"
LOSS_RETURNED = "return loss, dx"


def wrong_softmax(name: str, explanation: str, *edits: tuple[str, str]) -> Mistake:
    """Declare a mistake after which nothing of softmax is right."""
    return edit(SOFTMAX, name, explanation, *edits, loses={VALUE, STABILITY} | TIDINESS)


P = "p: Floats = exponentials / np.sum(exponentials, axis=1, keepdims=True)"

of_softmax = (
    edit(SOFTMAX, "not_shifted", "the scores are exponentiated as they are: exp of 1000 is infinite.", (SHIFT, "shifted = x"),
         loses={STABILITY}),
    edit(SOFTMAX, "shifted_by_the_largest_of_all",
         "the maximum of the whole array is subtracted from every row: in rows far below it all exponentials are 0.",
         (SHIFT, "shifted = x - np.max(x)"), loses={STABILITY}),
    edit(SOFTMAX, "shifted_by_the_mean", "the mean of the row is subtracted, not its maximum: a score far above the mean still overflows.",
         (SHIFT, "shifted = x - np.mean(x, axis=1, keepdims=True)"), loses={STABILITY}),
    edit(SOFTMAX, "scores_clipped", "scores are clipped, which makes all large ones alike.", (SHIFT, "shifted = np.clip(x, -80, 80)"),
         loses={STABILITY}),
    edit(SOFTMAX, "small_number_in_the_denominator", "a small number is added to the sum, which is never below 1 and needs none.",
         (P, "p: Floats = exponentials / (np.sum(exponentials, axis=1, keepdims=True) + 1e-6)"),
         loses={VALUE, STABILITY} | TIDINESS),
    wrong_softmax("normalized_over_the_examples", "the sum runs over the examples (axis 0), not over the classes of a row.",
                  (SHIFT, "shifted = x - np.max(x, axis=0)"), (P, "p: Floats = exponentials / np.sum(exponentials, axis=0)")),
    wrong_softmax("normalized_over_everything", "every row is divided by the sum over the whole array.",
                  (SHIFT, "shifted = x - np.max(x)"), (P, "p: Floats = exponentials / np.sum(exponentials)")),
    wrong_softmax("shifted_by_row_and_normalized_over_everything",
                  "every row is divided by the sum over the whole array: np.sum has no axis, though np.max has one.",
                  (P, "p: Floats = exponentials / np.sum(exponentials)")),
    wrong_softmax("shifted_by_columns", "the maximum of each column is subtracted, which changes the differences within a row.",
                  (SHIFT, "shifted = x - np.max(x, axis=0)")),
    wrong_softmax("not_normalized", "the exponentials of the scores are returned, not divided by anything.",
                  (P, "p: Floats = np.exp(x)")),
    wrong_softmax("divided_by_the_largest", "the largest of each row becomes 1: the exponentials are not divided by the sum of the row.",
                  (P, "p: Floats = exponentials * 1")),
    wrong_softmax("negative_scores", "the sign of the scores is flipped: the lowest score gets the highest probability.",
                  (SHIFT, "shifted = np.min(x, axis=1, keepdims=True) - x")),
    wrong_softmax("logarithms", "the logarithms of the probabilities are returned.",
                  (P, "p: Floats = shifted - np.log(np.sum(exponentials, axis=1, keepdims=True))")),
    wrong_softmax("scores_without_exponential", "the scores are divided by their sum without being exponentiated.",
                  ("exponentials = np.exp(shifted)", "exponentials = x")),
    wrong_softmax("a_sigmoid_each", "every score goes through a sigmoid by itself.", (P, "p: Floats = 1 / (1 + np.exp(-x))")),
    wrong_softmax("winners", "the index of the largest score is returned, not the probabilities.",
                  ("return p", "return np.argmax(p, axis=1)")),
    wrong_softmax("shifted_by_row_and_normalized_over_the_examples",
                  "each column is divided by its own sum (axis 0); each row should be divided by the sum of the row.",
                  (P, "p: Floats = exponentials / np.sum(exponentials, axis=0)")),
    wrong_softmax("shift_in_the_numerator_alone", "the maximum is subtracted in the numerator, but not in the sum that it is divided by.",
                  (P, "p: Floats = exponentials / np.sum(np.exp(x), axis=1, keepdims=True)")),
    edit(SOFTMAX, "double_precision", "the result is float64 for float32 scores.", ("return p", "return p.astype(np.float64)"),
         loses={DTYPE}),
    edit(SOFTMAX, "in_place", "the maximum is subtracted from x itself, in place.",
         (SHIFT, "x -= np.max(x, axis=1, keepdims=True)\n    shifted = x"), loses={PURITY}),
    edit(SOFTMAX, "an_axis_more", "the result has an axis of size 1 too many.", ("return p", "return p[:, np.newaxis]"), loses={SHAPE}),
)  # fmt: skip


MEAN = "loss = -np.mean(log_probabilities[rows, y])"
GRADIENT_OF_ROWS = "dx: Floats = exponentials / sums"
LESS_ONE = "dx[rows, y] -= 1"


def wrong_loss(name: str, explanation: str, new: str) -> Mistake:
    """Declare another loss, with the right gradient."""
    return edit(CROSS_ENTROPY, name, explanation, (MEAN, new), loses={VALUE, STABILITY})


def wrong_gradient(name: str, explanation: str, *edits: tuple[str, str]) -> Mistake:
    """Declare another gradient, with the right loss."""
    return edit(CROSS_ENTROPY, name, explanation, *edits, loses={GRADIENT, STABILITY})


of_softmax_loss = (
    edit(CROSS_ENTROPY, "log_of_a_probability", "the logarithm is taken of probabilities that may have become 0: it is infinite there.",
         (MEAN, "loss = -np.mean(np.log((exponentials / sums)[rows, y]))"), loses={STABILITY}),
    edit(CROSS_ENTROPY, "probabilities_clipped", "probabilities are clipped before the logarithm: no loss exceeds a cap of about 28.",
         (MEAN, "loss = -np.mean(np.log(np.clip((exponentials / sums)[rows, y], 1e-12, 1)))"), loses={VALUE, STABILITY}),
    edit(CROSS_ENTROPY, "clipped_at_the_smallest_number", "probabilities are clipped at about 1e-300: no loss exceeds a cap of about 700.",
         (MEAN, "loss = -np.mean(np.log(np.maximum((exponentials / sums)[rows, y], 1e-300)))"), loses={STABILITY}),
    edit(CROSS_ENTROPY, "small_number_added", "a small number is added to the probabilities before the logarithm, which caps the loss.",
         (MEAN, "loss = -np.mean(np.log((exponentials / sums)[rows, y] + 1e-8))"), loses={VALUE, STABILITY}),
    edit(CROSS_ENTROPY, "not_shifted", "the scores are exponentiated as they are: exp of 1000 is infinite.", (SHIFT, "shifted = x"),
         loses={STABILITY}),
    edit(CROSS_ENTROPY, "shifted_by_the_largest_of_all",
         "the maximum of the whole array is subtracted from every row: in rows far below it all exponentials are 0.",
         (SHIFT, "shifted = x - np.max(x)"), loses={STABILITY}),
    edit(CROSS_ENTROPY, "summed_over_examples", "loss and gradient are summed over the examples, not averaged.",
         (MEAN, "loss = -np.sum(log_probabilities[rows, y])"), ("dx /= n", "pass"), loses={VALUE, GRADIENT, STABILITY} | TIDINESS),
    wrong_loss("loss_summed", "the loss is summed over the examples, though the gradient is averaged.",
               "loss = -np.sum(log_probabilities[rows, y])"),
    wrong_gradient("gradient_not_averaged", "the gradient is not divided by N, though the loss is.", ("dx /= n", "pass")),
    wrong_gradient("gradient_divided_by_classes_too", "the gradient is divided by N and by the number of classes.",
                   ("dx /= n", "dx /= x.size")),
    wrong_loss("loss_averaged_over_classes_too", "the loss is divided by N and by the number of classes.",
               "loss = -np.sum(log_probabilities[rows, y]) / x.size"),
    wrong_loss("sign_dropped", "the minus sign is missing: the loss is the mean of log p.", "loss = np.mean(log_probabilities[rows, y])"),
    wrong_gradient("gradient_of_the_negative_loss", "the gradient has the wrong sign.", ("dx /= n", "dx /= -n")),
    wrong_gradient("right_class_forgotten", "the gradient is the probabilities alone: 1 is not subtracted at the right class.",
                   (LESS_ONE, "pass")),
    wrong_gradient("right_class_alone", "the gradient is p - 1 at the right class and 0 elsewhere.",
                   (LESS_ONE, "dx = np.where(np.arange(x.shape[1]) == y[:, np.newaxis], dx - 1, 0)")),
    wrong_gradient("gradient_of_the_logarithm", "the gradient is -1 / p at the right class: that is with respect to p, not to the scores.",
                   (GRADIENT_OF_ROWS, "dx: Floats = np.zeros_like(x)"),
                   (LESS_ONE, "dx[rows, y] = -1 / np.maximum((exponentials / sums)[rows, y], 1e-300)")),
    wrong_gradient("gradient_through_softmax_again", "the gradient is multiplied by p (1 - p) once more, as if a sigmoid followed.",
                   ("dx /= n", "p = exponentials / sums\n    dx *= p * (1 - p) / n")),
    wrong_gradient("divided_before_one_is_subtracted",
                   "the probabilities are divided by N before 1 is subtracted; it should be after that.",
                   (LESS_ONE, "dx /= n\n    dx[rows, y] -= 1"), ("    dx /= n\n    return", "    return")),
    wrong_loss("winner_for_the_right_class", "the loss is that of the class with the highest score; it should be that of the right class.",
               "loss = -np.mean(np.max(log_probabilities, axis=1))"),
    edit(CROSS_ENTROPY, "labels_from_one", "labels are used as if they began at 1: y - 1 is used instead of y.",
         (MEAN, "y = y - 1\n    loss = -np.mean(log_probabilities[rows, y])"), loses={VALUE, GRADIENT, STABILITY} | TIDINESS),
    wrong_loss("probability_without_logarithm", "the loss is 1 - p of the right class, without a logarithm.",
               "loss = np.mean(1 - (exponentials / sums)[rows, y])"),
    wrong_loss("every_class", "the logarithms of all classes are summed, not that of the right one.",
               "loss = -np.sum(log_probabilities) / n"),
    wrong_loss("binary_logarithm", "the logarithm has the base 2; it should be the natural one.",
               "loss = -np.mean(log_probabilities[rows, y]) / np.log(2)"),
    wrong_loss("decimal_logarithm", "the logarithm has the base 10; it should be the natural one.",
               "loss = -np.mean(log_probabilities[rows, y]) / np.log(10)"),
    wrong_loss("shift_forgotten", "the maximum is subtracted from the scores in the sum, but not from the score of the right class.",
               "loss = np.mean(np.log(sums)[:, 0] - x[rows, y])"),
    edit(CROSS_ENTROPY, "normalized_over_the_examples", "probabilities are normalized over the examples (axis 0), not over the classes.",
         (SHIFT, "shifted = x - np.max(x, axis=0)"),
         ("sums = np.sum(exponentials, axis=1, keepdims=True)", "sums = np.sum(exponentials, axis=0, keepdims=True)"),
         loses={VALUE, GRADIENT, STABILITY} | TIDINESS),
    edit(CROSS_ENTROPY, "one_loss_per_example", "the losses of the examples are returned, where their mean is required.",
         (MEAN, "loss = -log_probabilities[rows, y]"), loses={VALUE, STABILITY, SHAPE}),
    edit(CROSS_ENTROPY, "an_array_of_one", "the loss is an array of one number, where a number is required.",
         (LOSS_RETURNED, "return loss.reshape(1), dx"), loses={SHAPE}),
    edit(CROSS_ENTROPY, "an_axis_more", "the gradient has an axis of size 1 too many.", (LOSS_RETURNED, "return loss, dx[..., np.newaxis]"),
         loses={SHAPE}),
    edit(CROSS_ENTROPY, "double_precision", "the gradient is float64 for float32 scores.", ("dx /= n", "dx = dx / np.float64(n)"),
         loses={DTYPE}),
    edit(CROSS_ENTROPY, "in_place", "the maximum is subtracted from x itself, in place.",
         (SHIFT, "x -= np.max(x, axis=1, keepdims=True)\n    shifted = x"), loses={PURITY}),
    edit(CROSS_ENTROPY, "loss_alone", "the loss is returned alone, without the gradient.", (LOSS_RETURNED, "return loss"),
         loses={VALUE, GRADIENT, STABILITY} | TIDINESS),
    edit(CROSS_ENTROPY, "gradient_first", "the gradient comes first and the loss second.", (LOSS_RETURNED, "return dx, loss"),
         loses={VALUE, GRADIENT, STABILITY} | TIDINESS),
)  # fmt: skip


MARGINS = "margins = np.maximum(0, x - right + 1)"
OWN = "margins[rows, y] = 0"
SUM = "loss = np.sum(margins) / n"
ACTIVE = "dx: Floats = (margins > 0).astype(x.dtype)"
RIGHT_CLASS = "dx[rows, y] = -np.sum(dx, axis=1)"


def wrong_hinge(name: str, explanation: str, *edits: tuple[str, str], loses: set[Kind]) -> Mistake:
    """Declare another hinge loss."""
    return edit(HINGE, name, explanation, *edits, loses=loses)


of_svm_loss = (
    wrong_hinge("right_class_counted", "the right class has a term of its own, which adds 1 per example.", (OWN, "pass"),
                (RIGHT_CLASS, "dx[rows, y] = 1 - np.sum(dx, axis=1)"), loses={VALUE}),
    wrong_hinge("right_class_counted_in_both", "the right class has a term of its own, in the loss and in the gradient.", (OWN, "pass"),
                loses={VALUE, GRADIENT} | TIDINESS),
    wrong_hinge("right_class_without_gradient", "the score of the right class gets no gradient, though it appears in every term.",
                (RIGHT_CLASS, "pass"), loses={GRADIENT}),
    wrong_hinge("right_class_pushed_once",
                "1 is subtracted at the right class if any margin is positive; it should be subtracted for every positive margin.",
                (RIGHT_CLASS, "dx[rows, y] = -np.sign(np.sum(dx, axis=1))"), loses={GRADIENT}),
    wrong_hinge("right_class_always_pushed", "1 is subtracted at the right class in every row, even where no margin is positive.",
                (RIGHT_CLASS, "dx[rows, y] = -1"), loses={GRADIENT}),
    wrong_hinge("right_class_pushed_by_all",
                "1 is subtracted at the right class for every wrong class, even where its margin is not positive.",
                (RIGHT_CLASS, "dx[rows, y] = 1 - x.shape[1]"), loses={GRADIENT}),
    wrong_hinge("one_too_many_at_the_right_class", "the right class itself is counted among the positive margins in its gradient.",
                (RIGHT_CLASS, "dx[rows, y] = -np.sum(dx, axis=1) - 1"), loses={GRADIENT}),
    wrong_hinge("right_class_pulled_down",
                "the gradient of the right class has the sign of those of the wrong classes; it should be negative.",
                (RIGHT_CLASS, "dx[rows, y] = np.sum(dx, axis=1)"), loses={GRADIENT}),
    wrong_hinge("summed_over_examples", "loss and gradient are summed over the examples, not averaged.",
                (SUM, "loss = np.sum(margins)"), ("dx /= n", "pass"), loses={VALUE, GRADIENT} | TIDINESS),
    wrong_hinge("loss_summed", "the loss is summed over the examples, though the gradient is averaged.",
                (SUM, "loss = np.sum(margins)"), loses={VALUE}),
    wrong_hinge("gradient_not_averaged", "the gradient is not divided by N, though the loss is.", ("dx /= n", "pass"), loses={GRADIENT}),
    wrong_hinge("averaged_over_classes_too", "the margins are averaged over the classes, too, where they should be summed.",
                (SUM, "loss = np.mean(margins)"), ("dx /= n", "dx /= x.size"), loses={VALUE, GRADIENT} | TIDINESS),
    wrong_hinge("loss_averaged_over_classes_too", "the loss is averaged over the classes, too, though the gradient is not.",
                (SUM, "loss = np.mean(margins)"), loses={VALUE}),
    wrong_hinge("no_margin", "the 1 is missing from the margin: a right class that wins by a little has no loss.",
                (MARGINS, "margins = np.maximum(0, x - right)"), loses={VALUE, GRADIENT} | TIDINESS),
    wrong_hinge("margin_subtracted", "the 1 of the margin is subtracted, not added.",
                (MARGINS, "margins = np.maximum(0, x - right - 1)"), loses={VALUE, GRADIENT} | TIDINESS),
    wrong_hinge("differences_turned", "the difference is right - wrong; it should be wrong - right.",
                (MARGINS, "margins = np.maximum(0, right - x + 1)"), loses={VALUE, GRADIENT} | TIDINESS),
    wrong_hinge("margin_added_outside", "the 1 is added after the maximum: max(0, s_k - s_y) + 1; it should be max(0, s_k - s_y + 1).",
                (MARGINS, "margins = np.maximum(0, x - right) + 1"), loses={VALUE, GRADIENT} | TIDINESS),
    wrong_hinge("margins_squared", "the margins are squared: that is another hinge loss.",
                (SUM, "loss = np.sum(margins**2) / n"),
                (RIGHT_CLASS, "dx = 2 * margins\n    dx[rows, y] = -np.sum(dx, axis=1)"), loses={VALUE, GRADIENT} | TIDINESS),
    wrong_hinge("loss_squared", "the margins are squared in the loss.", (SUM, "loss = np.sum(margins**2) / n"), loses={VALUE}),
    wrong_hinge("worst_class_alone", "only the largest margin of each example counts, not the sum of all.",
                (OWN, "margins[rows, y] = 0\n    margins = np.where(margins == np.max(margins, axis=1, keepdims=True), margins, 0)"),
                loses={VALUE, GRADIENT} | TIDINESS),
    wrong_hinge("margins_not_cut_off", "negative margins are not cut off at 0.", (MARGINS, "margins = x - right + 1"), loses={VALUE}),
    wrong_hinge("margins_as_gradient", "the gradient is the value of the margins; it should be 1 for each margin that is positive.",
                (ACTIVE, "dx: Floats = margins.copy()"), loses={GRADIENT}),
    wrong_hinge("gradient_where_the_score_is_higher",
                "the gradient asks whether the score is above that of the right class, and forgets the 1 of the margin.",
                (ACTIVE, "dx: Floats = (x > right).astype(x.dtype)"), loses={GRADIENT}),
    wrong_hinge("gradient_of_all_classes", "every wrong class gets a gradient, also where the margin is not positive.",
                (ACTIVE, "dx: Floats = np.ones_like(x)\n    dx[rows, y] = 0"), loses={GRADIENT}),
    wrong_hinge("gradient_of_the_negative_loss", "the gradient has the wrong sign.", ("dx /= n", "dx /= -n"), loses={GRADIENT}),
    wrong_hinge("double_precision", "the gradient is float64 for float32 scores.", (ACTIVE, "dx: Floats = (margins > 0).astype(float)"),
                loses={DTYPE}),
    wrong_hinge("in_place", "the right class's score is subtracted from x itself, in place.",
                (MARGINS, "x -= right\n    margins = np.maximum(0, x + 1)"), loses={PURITY}),
    wrong_hinge("one_loss_per_example", "the losses of the examples are returned, where their mean is required.",
                (SUM, "loss = np.sum(margins, axis=1)"), loses={VALUE, SHAPE}),
    wrong_hinge("an_array_of_one", "the loss is an array of one number, where a number is required.",
                (LOSS_RETURNED, "return loss.reshape(1), dx"), loses={SHAPE}),
    wrong_hinge("loss_alone", "the loss is returned alone, without the gradient.", (LOSS_RETURNED, "return loss"),
                loses={VALUE, GRADIENT} | TIDINESS),
)  # fmt: skip
