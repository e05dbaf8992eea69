"""Known mistakes of the numerical gradients and of the relative error, for each function the commonest of real work first."""

from __future__ import annotations

from grader.checks import Kind, Mistake, edit, rewrite

VALUE, STABILITY, SHAPE, PURITY = Kind.VALUE, Kind.STABILITY, Kind.SHAPE, Kind.PURITY
DIFFERENCES_ALL = {VALUE, SHAPE, PURITY}

SCALAR, ARRAY = "numerical_gradient", "numerical_gradient_array"
MADE = "gradient = np.zeros_like(x)"
INDICES = "np.ndindex(x.shape)"
MOVED, RISE, RETURNED = "step[index] = h", "rise = f(x + step) - f(x - step)", "return gradient"


def of_both(function: str, quotient: str, total: str, one_sided: set[Kind]) -> tuple[Mistake, ...]:
    """The slips that both functions invite; `quotient` is the line that divides, `total` what is divided there.

    `one_sided` is what a one-sided difference loses: it is right where f is linear.
    """

    def slip(name: str, explanation: str, *edits: tuple[str, str], loses: set[Kind] | None = None) -> Mistake:
        return edit(function, name, explanation, *edits, loses=loses or DIFFERENCES_ALL)

    return (
        slip("one_sided_difference", "the difference is one-sided, (f(x + h) - f(x)) / h; take one step to each side.",
             (RISE, "rise = f(x + step) - f(x)"), (quotient, f"gradient[index] = {total} / h"), loses=one_sided),
        slip("one_sided_difference_backward", "the difference is one-sided, (f(x) - f(x - h)) / h; take one step to each side.",
             (RISE, "rise = f(x) - f(x - step)"), (quotient, f"gradient[index] = {total} / h"), loses=one_sided),
        slip("divided_by_h", "the difference is divided by h; it should be divided by 2 h, the distance of the two points.",
             (quotient, f"gradient[index] = {total} / h")),
        slip("not_divided", "the difference is not divided by 2 h.", (quotient, f"gradient[index] = {total}")),
        slip("multiplied_by_h", "the difference is divided by 2 and multiplied by h: brackets are missing in / 2 * h.",
             (quotient, f"gradient[index] = {total} / 2 * h")),
        slip("half_a_step_too_few", "f(x + h) - f(x) is divided by 2 h: the step back is missing.",
             (RISE, "rise = f(x + step) - f(x)")),
        slip("sign", "the difference is the wrong way round, f(x - h) - f(x + h).", (RISE, "rise = f(x - step) - f(x + step)")),
        slip("all_elements_at_once", "all elements move at once; each should move alone.", (MOVED, "step[...] = h")),
        slip("h_ignored", "the step is always 1e-5, whatever h is.", (MADE, f"h = 1e-5\n    {MADE}"), loses={VALUE}),
        slip("relative_step", "the step grows with the element, h * |x|; it should be h for all.",
             (MOVED, "step[index] = h * abs(x[index])"), (quotient, f"gradient[index] = {total} / (2 * step[index])"), loses={VALUE}),
        slip("fourth_order", "differences over h and 2 h are combined into a formula of higher order; the simple one is required.",
             (RISE, "rise = (8 * (f(x + step) - f(x - step)) - (f(x + 2 * step) - f(x - 2 * step))) / 6"), loses={VALUE}),
        slip("rows_at_once", "whole rows move at once: the loop runs over the first axis alone.", (INDICES, "range(len(x))"),
             loses={VALUE}),
        slip("last_element_left_out", "the loop ends one element too early: the derivative of the last one stays 0.",
             (INDICES, "list(np.ndindex(x.shape))[:-1]")),
        slip("half_steps", "the steps are h / 2 to each side, and the difference is divided by h; each step should be h.",
             (MOVED, "step[index] = h / 2"), (quotient, f"gradient[index] = {total} / h"), loses={VALUE}),
        slip("left_flat", "the gradient is flat: it is not brought back to the shape of x.", (RETURNED, "return gradient.ravel()"),
             loses={VALUE, SHAPE}),
        slip("an_axis_too_many", "the gradient has an axis of size 1 too many.", (RETURNED, "return gradient[np.newaxis]"), loses={SHAPE}),
        slip("x_overwritten", "the gradient is written into x.", (RETURNED, "x[...] = gradient\n    return x"), loses={PURITY}),
    )  # fmt: skip


def in_place(function: str, signature: str, ahead: str, back: str, total: str, put_back: str, h: str = "1e-5") -> str:
    """The source of a function that moves x itself."""
    return f"""
def {function}({signature}, h={h}):
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        kept = x[index]
        x[index] = kept + h
        ahead = {ahead}
        x[index] = kept - h
        back = {back}
        {put_back}
        gradient[index] = {total} / (2 * h)
    return gradient
"""


NOT_PUT_BACK = "an element is not put back before the next one moves: x is left one step off."
PUT_BACK = "x[index] = kept"

scalar = (
    *of_both(SCALAR, "gradient[index] = rise / (2 * h)", "rise", DIFFERENCES_ALL),
    rewrite(SCALAR, "not_put_back", NOT_PUT_BACK, in_place(SCALAR, "f, x", "f(x)", "f(x)", "(ahead - back)", "pass"),
            loses={VALUE, PURITY}),
    rewrite(SCALAR, "another_default", "the step is 1e-6 where none is given; the default is 1e-5.",
            in_place(SCALAR, "f, x", "f(x)", "f(x)", "(ahead - back)", PUT_BACK, h="1e-6")),
    rewrite(SCALAR, "a_coarser_default", "the step is 1e-4 where none is given; the default is 1e-5.",
            in_place(SCALAR, "f, x", "f(x)", "f(x)", "(ahead - back)", PUT_BACK, h="1e-4")),
)  # fmt: skip

WEIGHED, SUMMED = "gradient[index] = np.sum(rise * df) / (2 * h)", "np.sum(rise * df)"
OF_ARRAYS = "np.sum((ahead - back) * df)"

arrays = (
    *of_both(ARRAY, WEIGHED, SUMMED, {VALUE}),
    edit(ARRAY, "upstream_ignored", "df is not used: the differences are summed as they are.",
         (WEIGHED, "gradient[index] = np.sum(rise) / (2 * h)"), loses=DIFFERENCES_ALL),
    edit(ARRAY, "averaged", "the products with df are averaged, not summed.",
         (WEIGHED, "gradient[index] = np.mean(rise * df) / (2 * h)"), loses=DIFFERENCES_ALL),
    edit(ARRAY, "sums_multiplied", "the differences and df are summed separately, and the two sums are multiplied.",
         (WEIGHED, "gradient[index] = np.sum(rise) * np.sum(df) / (2 * h)"), loses=DIFFERENCES_ALL),
    edit(ARRAY, "first_result_alone", "only the first element of f(x) and of df is used.",
         (WEIGHED, "gradient[index] = rise.flat[0] * df.flat[0] / (2 * h)"), loses=DIFFERENCES_ALL),
    edit(ARRAY, "upstream_element_of_the_same_index",
         "df is read at the index of the element that moves; its indices are those of f(x), not of x.",
         (WEIGHED, "gradient[index] = np.sum(rise) * df.flat[np.ravel_multi_index(index, x.shape) % df.size] / (2 * h)"),
         loses={VALUE}),
    edit(ARRAY, "upstream_divided_in_place", "df itself is divided by 2 h, in place.",
         (MADE, f"{MADE}\n    df /= 2 * h"), (WEIGHED, "gradient[index] = np.sum(rise * df)"), loses={PURITY}),
    rewrite(ARRAY, "results_not_copied", "what f returns is not copied: where it is x itself, it changes when x is changed again.",
            in_place(ARRAY, "f, x, df", "f(x)", "f(x)", OF_ARRAYS, PUT_BACK)),
    rewrite(ARRAY, "not_put_back", NOT_PUT_BACK, in_place(ARRAY, "f, x, df", "f(x).copy()", "f(x).copy()", OF_ARRAYS, "pass"),
            loses={VALUE, PURITY}),
    rewrite(ARRAY, "another_default", "the step is 1e-6 where none is given; the default is 1e-5.",
            in_place(ARRAY, "f, x, df", "f(x).copy()", "f(x).copy()", OF_ARRAYS, PUT_BACK, h="1e-6")),
    rewrite(ARRAY, "a_coarser_default", "the step is 1e-4 where none is given; the default is 1e-5.",
            in_place(ARRAY, "f, x, df", "f(x).copy()", "f(x).copy()", OF_ARRAYS, PUT_BACK, h="1e-4")),
)  # fmt: skip

# -------------------------------------------------------------------------------------------------------------- relative_error

RELATIVE = "relative_error"
DIFFERENCE, SIZE, LARGEST = "difference = np.abs(a - b)", "size = np.abs(a) + np.abs(b)", "return float(np.max(error))"
ERROR = "error = difference / np.maximum(1e-8, size)"
RELATIVE_ALL = {VALUE, STABILITY, SHAPE, PURITY}


def relative(name: str, explanation: str, *edits: tuple[str, str], loses: set[Kind] | None = None) -> Mistake:
    """Edits of the relative error, after which nothing is right unless it is said what is lost."""
    return edit(RELATIVE, name, explanation, *edits, loses=loses or RELATIVE_ALL)


errors = (
    relative("mean", "the errors of the elements are averaged; the largest is required.", (LARGEST, "return float(np.mean(error))")),
    relative("sum", "the errors of the elements are summed; the largest is required.", (LARGEST, "return float(np.sum(error))")),
    relative("smallest", "the smallest error is returned, not the largest.", (LARGEST, "return float(np.min(error))")),
    relative("not_absolute", "differences keep their sign, so that negative ones never count.", (DIFFERENCE, "difference = a - b")),
    relative("not_relative", "the largest difference is returned, not divided by anything.", (ERROR, "error = difference")),
    relative("divided_by_b", "the difference is divided by |b| alone.", (SIZE, "size = np.abs(b)")),
    relative("divided_by_a", "the difference is divided by |a| alone.", (SIZE, "size = np.abs(a)")),
    relative("divided_by_the_larger", "the difference is divided by the larger of |a| and |b|; their sum is required.",
             (SIZE, "size = np.maximum(np.abs(a), np.abs(b))")),
    relative("divided_by_the_mean", "the difference is divided by the mean of |a| and |b|; their sum is required.",
             (SIZE, "size = (np.abs(a) + np.abs(b)) / 2")),
    relative("divided_by_the_absolute_sum", "the difference is divided by |a + b|, which is 0 for opposite values.",
             (SIZE, "size = np.abs(a + b)"), loses={VALUE}),
    relative("divided_by_the_sum", "the difference is divided by a + b, without absolute values.", (SIZE, "size = a + b"), loses={VALUE}),
    relative("one_size_for_all", "the largest difference is divided by the largest |a| + |b|; each should be divided by its own.",
             (ERROR, "error = difference / max(1e-8, float(np.max(size)))")),
    relative("ratio_of_norms", "norms of whole arrays are divided; it should be the largest error of a single element.",
             (ERROR, "error = np.linalg.norm(a - b) / max(1e-8, float(np.linalg.norm(a) + np.linalg.norm(b)))")),
    relative("floor_added", "1e-8 is added to |a| + |b|; the divisor should be max(1e-8, |a| + |b|).",
             (ERROR, "error = difference / (size + 1e-8)"), loses={VALUE}),
    relative("no_floor", "there is no floor: two zeros give 0 / 0.", (ERROR, "error = difference / size"), loses={VALUE, STABILITY}),
    relative("floor_of_the_error", "the floor of 1e-8 is applied to the quotient; it should be applied to the denominator.",
             (ERROR, "error = np.maximum(1e-8, difference / size)"), loses={VALUE, STABILITY}),
    relative("lower_floor", "the floor is lower than 1e-8; it should be 1e-8.",
             (ERROR, "error = difference / np.maximum(1e-12, size)"), loses={VALUE}),
    relative("floor_for_both_summands", "|a| and |b| have a floor of 1e-8 each; their sum should have it.",
             (SIZE, "size = np.maximum(1e-8, np.abs(a)) + np.maximum(1e-8, np.abs(b))"), loses={VALUE}),
    relative("smaller_of_floor_and_sum",
             "np.minimum is used for the floor: everything is divided by 1e-8, or by less; it should be np.maximum.",
             (ERROR, "error = difference / np.minimum(1e-8, size)")),
    relative("choice_after_division", "all elements are divided by |a| + |b| before the small ones are chosen: two zeros give a warning.",
             (ERROR, "error = np.where(size > 1e-8, difference / size, difference / 1e-8)"), loses={STABILITY}),
    relative("one_error_per_element", "the errors of all elements are returned; the largest is required.", (LARGEST, "return error")),
    relative("an_array_of_one", "an array of one number is returned, where a number is required.",
             (LARGEST, "return np.max(error, keepdims=True)"), loses={SHAPE}),
    relative("in_place", "b is subtracted from a itself, in place.",
             (ERROR, "a -= b\n    error = np.abs(a) / np.maximum(1e-8, size)"), loses={PURITY}),
)  # fmt: skip
