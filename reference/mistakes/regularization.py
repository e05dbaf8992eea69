"""Known mistakes of the penalties, of weight decay, of early stopping and of ensembles, for each function the commonest first."""

from __future__ import annotations

from grader.checks import Kind, Mistake, edit, rewrite

VALUE, GRADIENT, SHAPE, DTYPE, PURITY = Kind.VALUE, Kind.GRADIENT, Kind.SHAPE, Kind.DTYPE, Kind.PURITY
PENALTY_ALL = {VALUE, GRADIENT, SHAPE, DTYPE, PURITY}
STEP_ALL = {VALUE, SHAPE, DTYPE, PURITY}

L2, L1, STEP, STOPPING, ENSEMBLE = "l2_penalty", "l1_penalty", "weight_decay_step", "early_stopping", "ensemble_predict"
L2_PENALTY, L2_GRAD = "lam / 2 * np.sum(w**2)", "grad = lam * w"
L1_PENALTY, L1_GRAD = "lam * np.sum(np.abs(w))", "grad = lam * np.sign(w)"


def of_any_penalty(function: str, penalty: str, grad: str) -> tuple[Mistake, ...]:
    """The slips that have nothing to do with the formula."""
    value = grad.removeprefix("grad = ")
    return (
        edit(function, "one_sum_per_column", "the sum runs over the first axis only, so the penalty is not one number.",
             (penalty, penalty.replace("))", "), axis=0)") if function == L1 else "lam / 2 * np.sum(w**2, axis=0)"), loses={VALUE, SHAPE}),
        edit(function, "an_array_of_one", "the penalty keeps its axes: it is an array of one number; it should be a number.",
             (penalty, penalty[:-1] + ", keepdims=True)"), loses={SHAPE}),
        edit(function, "gradient_flattened", "the gradient is flattened: the axes of w are lost.",
             (grad, f"grad = ({value}).ravel()"), loses={GRADIENT, SHAPE}),
        edit(function, "gradient_summed", "the gradient is summed to one number; every weight should have its own.",
             (grad, f"grad = np.sum({value})"), loses={GRADIENT, SHAPE}),
        edit(function, "gradient_averaged", "the gradient is divided by the number of weights, though the penalty is a sum.",
             (grad, f"grad = {value} / w.size"), loses={GRADIENT}),
        edit(function, "gradient_in_double_precision", "the gradient is float64, though w is float32.",
             (grad, f"grad = np.zeros(w.shape) + {value}"), loses={DTYPE}),
        edit(function, "penalty_for_gradient", "the gradient is returned first, and the penalty second.",
             ("return penalty, grad", "return grad, penalty"), loses=PENALTY_ALL),
        edit(function, "penalty_alone", "only the penalty is returned, without its gradient.",
             ("return penalty, grad", "return penalty"), loses=PENALTY_ALL),
        edit(function, "gradient_ascends", "the gradient has the wrong sign.", (grad, f"grad = -{value}"), loses={GRADIENT}),
        edit(function, "lam_left_out_of_the_gradient", "the gradient lacks the factor lam.",
             (grad, f"grad = {value.removeprefix('lam * ')}"), loses={GRADIENT}),
        edit(function, "lam_left_out_of_the_penalty", "the penalty lacks the factor lam.",
             (penalty, penalty.replace("lam / 2 *", "0.5 *").removeprefix("lam * "))),
        edit(function, "lam_left_out", "lam is used neither in the penalty nor in the gradient.",
             (penalty, penalty.replace("lam / 2 *", "0.5 *").removeprefix("lam * ")), (grad, f"grad = {value.removeprefix('lam * ')}"),
             loses=PENALTY_ALL),
        edit(function, "mean_for_sum", "the penalty is averaged over the weights; it should be summed.",
             (penalty, penalty.replace("np.sum(", "np.mean("))),
        edit(function, "mean_for_sum_throughout", "penalty and gradient are divided by the number of weights.",
             (penalty, penalty.replace("np.sum(", "np.mean(")), (grad, f"grad = {value} / w.size"), loses=PENALTY_ALL),
    )  # fmt: skip


l2_penalty = (
    edit(L2, "half_forgotten_throughout", "the half is left out: the penalty is lam sum(w^2), and the gradient 2 lam w.",
         (L2_PENALTY, "lam * np.sum(w**2)"), (L2_GRAD, "grad = 2 * lam * w"), loses=PENALTY_ALL),
    edit(L2, "half_forgotten", "the half is left out of the penalty; the gradient is that of the penalty with the half.",
         (L2_PENALTY, "lam * np.sum(w**2)")),
    edit(L2, "gradient_doubled", "the gradient is 2 lam w, though the penalty has the half.", (L2_GRAD, "grad = 2 * lam * w"),
         loses={GRADIENT}),
    edit(L2, "gradient_halved", "the gradient has a half too; the 2 of the derivative should cancel it.", (L2_GRAD, "grad = lam / 2 * w"),
         loses={GRADIENT}),
    edit(L2, "root_of_the_sum", "the root of the sum of squares is taken: the length of w, not its square.",
         (L2_PENALTY, "lam / 2 * np.sqrt(np.sum(w**2))")),
    edit(L2, "norm_for_its_square", "the penalty is lam times the length of w: half of its square is required.",
         (L2_PENALTY, "lam * np.sqrt(np.sum(w**2))")),
    edit(L2, "absolute_values", "absolute values are summed, as in L1.", (L2_PENALTY, "lam / 2 * np.sum(np.abs(w))")),
    edit(L2, "square_of_the_sum", "the weights are summed first, and then squared.", (L2_PENALTY, "lam / 2 * np.sum(w) ** 2")),
    edit(L2, "sign_for_gradient", "the gradient is that of L1: lam times the sign.", (L2_GRAD, "grad = lam * np.sign(w)"),
         loses={GRADIENT}),
    edit(L2, "gradient_of_squares", "the gradient is lam w^2.", (L2_GRAD, "grad = lam * w**2"), loses={GRADIENT}),
    edit(L2, "lam_squared", "lam is inside the square.", (L2_PENALTY, "0.5 * np.sum((lam * w) ** 2)")),
    *of_any_penalty(L2, L2_PENALTY, L2_GRAD),
    edit(L2, "scaled_in_place", "w itself is multiplied by lam.", (L2_GRAD, "w *= lam\n    grad = w"), loses={PURITY}),
)  # fmt: skip

l1_penalty = (
    edit(L1, "half_of_l2", "the penalty has a half, which belongs to L2.", (L1_PENALTY, "lam / 2 * np.sum(np.abs(w))")),
    edit(L1, "half_of_l2_throughout", "penalty and gradient have a half, which belongs to L2.",
         (L1_PENALTY, "lam / 2 * np.sum(np.abs(w))"), (L1_GRAD, "grad = lam / 2 * np.sign(w)"), loses=PENALTY_ALL),
    edit(L1, "no_absolute_value", "the weights are summed with their signs, which cancel.", (L1_PENALTY, "lam * np.sum(w)")),
    edit(L1, "squares", "squares are summed, as in L2.", (L1_PENALTY, "lam * np.sum(w**2)")),
    edit(L1, "gradient_of_l2", "the gradient is lam w, as that of L2.", (L1_GRAD, "grad = lam * w"), loses={GRADIENT}),
    edit(L1, "gradient_of_sizes", "the gradient is lam |w|; it should be lam sign(w).", (L1_GRAD, "grad = lam * np.abs(w)"),
         loses={GRADIENT}),
    edit(L1, "gradient_without_sign", "the gradient is lam for every weight, negative or not.", (L1_GRAD, "grad = np.full_like(w, lam)"),
         loses={GRADIENT}),
    edit(L1, "no_gradient_below_zero", "negative weights get no gradient.", (L1_GRAD, "grad = lam * np.where(w > 0, w.dtype.type(1), 0)"),
         loses={GRADIENT}),
    edit(L1, "negative_at_zero", "the gradient is -lam where a weight is 0.",
         (L1_GRAD, "grad = np.where(w > 0, lam, -lam).astype(w.dtype)"),
         loses={GRADIENT}),
    edit(L1, "positive_at_zero", "the gradient is lam where a weight is 0.",
         (L1_GRAD, "grad = np.where(w >= 0, lam, -lam).astype(w.dtype)"),
         loses={GRADIENT}),
    edit(L1, "sign_by_division", "the sign is computed as w / |w|, which is 0 / 0 where a weight is 0; use np.sign.",
         (L1_GRAD, "grad = lam * w / np.abs(w)"), loses={GRADIENT}),
    edit(L1, "norm_of_l2", "the penalty is lam times the length of w, the root of the sum of squares.",
         (L1_PENALTY, "lam * np.sqrt(np.sum(w**2))")),
    edit(L1, "largest_size", "only the weight of largest magnitude is counted.", (L1_PENALTY, "lam * np.max(np.abs(w))")),
    *of_any_penalty(L1, L1_PENALTY, L1_GRAD),
    edit(L1, "absolute_in_place", "w itself is replaced by its absolute values.",
         ("penalty: Number = lam * np.sum(np.abs(w))\n", "sign = np.sign(w)\n    penalty: Number = lam * np.sum(np.abs(w, out=w))\n"),
         (L1_GRAD, "grad = lam * sign"), loses={PURITY}),
)  # fmt: skip

DESCENT, NEXT = "gradient = dw + lam * w", "next_w: Floats = w - lr * gradient"

weight_decay = (
    edit(STEP, "decay_not_scaled", "the decay lacks the learning rate: w - lr dw - lam w.",
         (NEXT, "next_w: Floats = w - lr * dw - lam * w")),
    edit(STEP, "decay_ignored", "the weights do not decay: lam is not used.", (DESCENT, "gradient = dw")),
    edit(STEP, "decay_with_wrong_sign", "the decay has the wrong sign: the weights grow.", (DESCENT, "gradient = dw - lam * w")),
    edit(STEP, "decay_doubled", "2 lam w is used for the penalty's gradient; the half in the penalty should cancel the 2.",
         (DESCENT, "gradient = dw + 2 * lam * w")),
    edit(STEP, "decay_halved", "lam w / 2 is used for the penalty's gradient; it should be lam w.",
         (DESCENT, "gradient = dw + lam * w / 2")),
    edit(STEP, "decay_by_sign", "the decay is that of L1: lam times the sign.", (DESCENT, "gradient = dw + lam * np.sign(w)")),
    edit(STEP, "penalty_for_its_gradient", "the penalty itself is added to dw, not its gradient.",
         (DESCENT, "gradient = dw + lam / 2 * np.sum(w**2)")),
    edit(STEP, "gradient_decays", "the decay is applied to dw, not to w.", (DESCENT, "gradient = dw + lam * dw")),
    edit(STEP, "decay_after_the_step", "the decay is computed from the weights after the step; it should be computed from those before it.",
         (NEXT, "next_w: Floats = (w - lr * dw) * (1 - lr * lam)")),
    edit(STEP, "step_not_scaled", "dw lacks the learning rate: w - dw - lr lam w.", (NEXT, "next_w: Floats = w - dw - lr * lam * w"),
         loses=STEP_ALL),
    edit(STEP, "ascent", "the step is added to w; it should be subtracted.", (NEXT, "next_w: Floats = w + lr * gradient"), loses=STEP_ALL),
    edit(STEP, "step_alone", "the step itself is returned; the weights after it are required.",
         (NEXT, "next_w: Floats = -lr * gradient"), loses=STEP_ALL),
    edit(STEP, "brackets_misplaced", "the brackets are misplaced: (w - lr) is multiplied by the gradient.",
         (NEXT, "next_w: Floats = (w - lr) * gradient"), loses=STEP_ALL),
    edit(STEP, "brackets_left_out", "brackets are missing: w - lr * dw + lam * w is computed; it should be w - lr * (dw + lam * w).",
         (NEXT, "next_w: Floats = w - lr * dw + lam * w")),
    edit(STEP, "decay_scaled_twice", "the decay is multiplied by the learning rate twice: w - lr dw - lr^2 lam w.",
         (DESCENT, "gradient = dw + lr * lam * w")),
    edit(STEP, "decay_alone", "dw is not used: only the decay moves the weights.", (DESCENT, "gradient = lam * w"), loses=STEP_ALL),
    edit(STEP, "weights_scaled_by_lam", "the step starts from lam * w; it should start from w.",
         (NEXT, "next_w: Floats = lam * w - lr * dw"), loses=STEP_ALL),
    edit(STEP, "rates_exchanged", "lr and lam are swapped.", (DESCENT, "gradient = dw + lr * w"),
         (NEXT, "next_w: Floats = w - lam * gradient"),
         loses=STEP_ALL),
    edit(STEP, "in_place", "w or dw is changed in place.", (NEXT, "w -= lr * gradient\n    next_w = w"), loses={PURITY}),
    edit(STEP, "in_double_precision", "the weights come back in float64, though they are float32.",
         (NEXT, "next_w: Floats = w - lr * gradient.astype(np.float64)"), loses={DTYPE}),
    edit(STEP, "squeezed", "axes of length 1 are squeezed out of the weights.",
         ("return next_w", "return next_w.squeeze()"), loses={SHAPE}),
    edit(STEP, "a_pair", "a pair is returned; only the weights are required.", ("return next_w", "return next_w, None"),
         loses=STEP_ALL),
)  # fmt: skip

BETTER, LATE = "if loss < val_losses[best]:", "if epoch - best >= patience:"
LOOP, RETURN = "for epoch, loss in enumerate(val_losses):", "return epoch, best"
STOPPING_ALL = {VALUE, SHAPE, PURITY}

stopping = (
    edit(STOPPING, "one_epoch_too_late", "training stops one epoch late, at epoch - best > patience; it should be >=.",
         (LATE, "if epoch - best > patience:")),
    edit(STOPPING, "one_epoch_too_early", "training stops one epoch early.", (LATE, "if epoch - best + 1 >= patience and epoch > best:"),
         loses=STOPPING_ALL),
    edit(STOPPING, "compared_with_the_last_epoch", "each loss is compared with that of the epoch before, not with the best one so far.",
         ("best = 0\n", "best = count = 0\n"),
         (BETTER, "count = 0 if epoch == 0 or loss < val_losses[epoch - 1] else count + 1\n        " + BETTER),
         (LATE, "if count >= patience:")),
    edit(STOPPING, "compared_with_the_epoch_at_patience",
         "each loss is compared with that of `patience` epochs before; the epochs since the best one should be counted.",
         (LATE, "if epoch >= patience and not loss < val_losses[epoch - patience]:")),
    edit(STOPPING, "compared_with_the_first_epoch", "each loss is compared with that of epoch 0, not with the best one so far.",
         (BETTER, "if loss < val_losses[0]:"), loses=STOPPING_ALL),
    edit(STOPPING, "epoch_before_the_stop", "stop_epoch is the epoch before the one after which training stops.",
         (RETURN, "return (epoch - 1 if epoch - best >= patience else epoch), best")),
    edit(STOPPING, "patience_counted_from_the_start",
         "training stops as soon as the number of epochs reaches patience, whatever the losses are.",
         (LATE, "if epoch >= patience:"), loses=STOPPING_ALL),
    edit(STOPPING, "count_never_reset", "an improvement does not reset the count: all epochs without an improvement are added up.",
         ("best = 0\n", "best = count = 0\n"), (BETTER, "count += epoch > 0 and not loss < val_losses[best]\n        " + BETTER),
         (LATE, "if count >= patience:")),
    edit(STOPPING, "equal_counts_as_better", "an equal loss counts as an improvement; only a lower one should.",
         (BETTER, "if loss <= val_losses[best]:")),
    edit(STOPPING, "best_of_all_losses", "the best epoch is searched among all losses, even those after training has stopped.",
         (RETURN, "return epoch, int(np.argmin(val_losses))")),
    edit(STOPPING, "patience_subtracted", "the best epoch is computed as stop_epoch - patience, which is wrong if patience never runs out.",
         (RETURN, "return epoch, max(epoch - patience, 0)")),
    edit(STOPPING, "stop_after_the_last_epoch", "stop_epoch is the first epoch that is not run, one more than the last that is.",
         (RETURN, "return epoch + 1, best")),
    edit(STOPPING, "number_of_epochs_if_never_stopped", "stop_epoch is T, not T - 1, where training is never stopped.",
         (RETURN, "return epoch + (epoch - best < patience), best")),
    edit(STOPPING, "counted_from_one", "epochs are counted from 1.", (RETURN, "return epoch + 1, best + 1"), loses=STOPPING_ALL),
    edit(STOPPING, "exchanged", "stop_epoch and best_epoch are returned in the wrong order.", (RETURN, "return best, epoch"),
         loses=STOPPING_ALL),
    edit(STOPPING, "best_loss", "the lowest loss is returned; its epoch is required.", (RETURN, "return epoch, val_losses[best]")),
    edit(STOPPING, "last_epoch_for_the_best", "the last epoch is returned as the best one.", (RETURN, "return epoch, epoch")),
    edit(STOPPING, "best_epoch_for_the_last", "the best epoch is returned as the last one as well.", (RETURN, "return best, best")),
    edit(STOPPING, "patience_ignored", "training stops as soon as a loss is not better: patience is not used.", (LATE, "if epoch > best:"),
         loses=STOPPING_ALL),
    edit(STOPPING, "never_stops", "training is never stopped.", (LATE, "if False:")),
    edit(STOPPING, "highest_for_lowest", "the epoch of the highest loss is called the best; it should be that of the lowest.",
         (BETTER, "if loss > val_losses[best]:"),
         loses=STOPPING_ALL),
    edit(STOPPING, "compared_with_zero", "the best loss so far starts at 0, so that no positive loss is ever below it.",
         (BETTER, "if loss < (val_losses[best] if best else min(0.0, val_losses[0])):"), loses=STOPPING_ALL),
    edit(STOPPING, "starts_too_low", "the best loss so far starts at some number, and losses above it never improve on it.",
         (BETTER, "if loss < (val_losses[best] if best else min(1000.0, val_losses[0])):")),
    edit(STOPPING, "arrays_of_one", "arrays of one number are returned; numbers are required.",
         (RETURN, "return np.array([epoch]), np.array([best])"), loses={SHAPE}),
    edit(STOPPING, "losses_overwritten", "val_losses itself is overwritten with the lowest loss so far.",
         (LATE, "val_losses[epoch] = val_losses[best]\n        " + LATE), loses={PURITY}),
    edit(STOPPING, "stop_alone", "only the last epoch is returned, without the best one.", (RETURN, "return epoch"), loses=STOPPING_ALL),
)  # fmt: skip

MEAN, VOTES, COUNTS = "np.mean(probs, axis=0)", "np.argmax(probs, axis=2)", "np.sum(votes[:, :, np.newaxis] == classes, axis=0)"
LABELS = "np.argmax(scores, axis=1)"
ENSEMBLE_ALL = {VALUE, SHAPE, DTYPE, PURITY}
FIRST_OF_MODELS = """
def ensemble_predict(probs: Floats, how: str) -> Integers:
    if how == "mean":
        return np.argmax(np.mean(probs, axis=0), axis=1)
    labels = [max(votes.tolist(), key=votes.tolist().count) for votes in np.argmax(probs, axis=2).T]
    return np.array(labels)
"""

ensemble = (
    edit(ENSEMBLE, "mean_for_vote", "'vote' averages the probabilities, as 'mean' does.", (COUNTS, MEAN)),
    edit(ENSEMBLE, "vote_for_mean", "'mean' counts votes, as 'vote' does.",
         (MEAN, "np.sum(np.argmax(probs, axis=2)[:, :, np.newaxis] == np.arange(probs.shape[2]), axis=0)")),
    edit(ENSEMBLE, "modes_exchanged", "the modes 'mean' and 'vote' are swapped.", ('how == "mean"', 'how == "vote"'),
         ('elif how == "vote"', 'elif how == "mean"'),
         loses=ENSEMBLE_ALL),
    edit(ENSEMBLE, "most_confident_model", "'mean' takes the class with the highest probability that any model gives.",
         (MEAN, "np.max(probs, axis=0)")),
    edit(ENSEMBLE, "product_for_mean", "'mean' multiplies the probabilities, or adds their logarithms.", (MEAN, "np.prod(probs, axis=0)")),
    edit(ENSEMBLE, "median_for_mean", "'mean' takes the median over the models.", (MEAN, "np.median(probs, axis=0)")),
    edit(ENSEMBLE, "first_model_alone", "'mean' uses only the first model.", (MEAN, "probs[0]")),
    edit(ENSEMBLE, "last_model_alone", "'mean' uses only the last model.", (MEAN, "probs[-1]")),
    edit(ENSEMBLE, "votes_weighted", "'vote' weights each vote with its probability; every vote should count the same.",
         (COUNTS, "np.sum((votes[:, :, np.newaxis] == classes) * np.max(probs, axis=2)[:, :, np.newaxis], axis=0)")),
    edit(ENSEMBLE, "median_of_labels", "'vote' takes the median of the labels, as if labels were quantities.",
         (COUNTS, "-np.abs(classes - np.floor(np.median(votes, axis=0))[:, np.newaxis])")),
    edit(ENSEMBLE, "mean_of_labels", "'vote' averages the labels of the models, as if labels were quantities.",
         (COUNTS, "-np.abs(classes - np.round(np.mean(votes, axis=0))[:, np.newaxis])")),
    edit(ENSEMBLE, "majority_required", "'vote' requires more than half of the votes, and gives label 0 where no class has them.",
         (COUNTS, "np.sum(votes[:, :, np.newaxis] == classes, axis=0) > len(probs) / 2")),
    edit(ENSEMBLE, "highest_of_level_labels", "of tied labels the highest is taken; it should be the lowest.",
         (LABELS, "probs.shape[2] - 1 - np.argmax(scores[:, ::-1], axis=1)")),
    rewrite(ENSEMBLE, "first_model_breaks_ties",
            "of tied labels, that of the first model wins (as in Counter.most_common); it should be the lowest.",
            FIRST_OF_MODELS),
    edit(ENSEMBLE, "least_likely_class", "the class with the lowest score is returned.", (LABELS, "np.argmin(scores, axis=1)"),
         loses=ENSEMBLE_ALL),
    edit(ENSEMBLE, "counted_from_one", "labels are counted from 1.", (LABELS, "np.argmax(scores, axis=1) + 1"), loses=ENSEMBLE_ALL),
    edit(ENSEMBLE, "over_the_examples", "the label is searched along the axis of the examples, not along that of the classes.",
         (LABELS, "np.argmax(scores, axis=0)"), loses=ENSEMBLE_ALL),
    edit(ENSEMBLE, "scores_for_labels", "the scores of all classes are returned; the labels are required.",
         (LABELS, "scores.astype(float)"), loses=ENSEMBLE_ALL),
    edit(ENSEMBLE, "highest_score_for_label", "the highest score is returned; its label is required.",
         (LABELS, "np.max(scores, axis=1)"),
         loses=ENSEMBLE_ALL),
    edit(ENSEMBLE, "labels_in_floating_point", "the labels are floating-point numbers.", (LABELS, "np.argmax(scores, axis=1) * 1.0"),
         loses={DTYPE}),
    edit(ENSEMBLE, "one_column", "the labels form a column of shape (N, 1).", (LABELS, "np.argmax(scores, axis=1)[:, np.newaxis]"),
         loses={SHAPE}),
    edit(ENSEMBLE, "divided_in_place", "probs itself is divided by the number of models, in place.",
         (MEAN, "np.sum(np.divide(probs, len(probs), out=probs), axis=0)"), loses={PURITY}),
)  # fmt: skip
