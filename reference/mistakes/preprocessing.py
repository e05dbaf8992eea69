"""Known mistakes of preprocessing, for each function the commonest of real work first."""

from __future__ import annotations

from grader.checks import Kind, Mistake, edit

VALUE, STABILITY = Kind.VALUE, Kind.STABILITY
SHAPE, DTYPE, PURITY = Kind.SHAPE, Kind.DTYPE, Kind.PURITY
# What earns nothing where no value is right.
TIDINESS = {SHAPE, DTYPE, PURITY}

FIT, USE = "standardize_fit", "standardize"
MEAN, STD = "mean: Floats = np.mean(x, axis=0)", "std: Floats = np.std(x, axis=0)"
PAIR = "return mean, std"

of_standardize_fit = (
    edit(FIT, "unbiased", "the sum of squares is divided by N - 1; it should be divided by N.",
         (STD, "std: Floats = np.std(x, axis=0, ddof=1 if len(x) > 1 else 0)")),
    edit(FIT, "variance", "the variance is returned, without the root.", (STD, "std: Floats = np.var(x, axis=0)")),
    edit(FIT, "one_pair_for_all_features", "one mean and one standard deviation are taken over all features together.",
         (MEAN, "mean: Floats = np.full(x.shape[1], np.mean(x))"), (STD, "std: Floats = np.full(x.shape[1], np.std(x))"),
         loses={VALUE, STABILITY} | TIDINESS),
    edit(FIT, "over_the_features", "the statistics are those of the examples, over their features (axis 1), not of the features.",
         (MEAN, "mean: Floats = np.mean(x, axis=1)"), (STD, "std: Floats = np.std(x, axis=1)"), loses={VALUE, STABILITY} | TIDINESS),
    edit(FIT, "cancelling_squares",
         "the variance is computed as mean(x^2) - mean(x)^2, which cancels for large means and may become negative.",
         (STD, "std: Floats = np.sqrt(np.mean(x**2, axis=0) - mean**2)"), loses={STABILITY}),
    edit(FIT, "order_exchanged", "the standard deviation comes first and the mean second.", (PAIR, "return std, mean"),
         loses={VALUE, STABILITY} | TIDINESS),
    edit(FIT, "root_mean_square", "the mean is not subtracted before squaring: this is the root mean square.",
         (STD, "std: Floats = np.sqrt(np.mean(x**2, axis=0))")),
    edit(FIT, "absolute_deviations", "the mean of |x - mean| is returned, not the root of the mean of (x - mean)^2.",
         (STD, "std: Floats = np.mean(np.abs(x - mean), axis=0)")),
    edit(FIT, "sum_of_squares", "the squares are summed and not averaged before the root.",
         (STD, "std: Floats = np.sqrt(np.sum((x - mean) ** 2, axis=0))")),
    edit(FIT, "root_before_the_division", "the root of the sum of squares is divided by N; the sum should be divided before the root.",
         (STD, "std: Floats = np.sqrt(np.sum((x - mean) ** 2, axis=0)) / len(x)")),
    edit(FIT, "range_for_deviation", "the range of the feature is returned instead of its standard deviation.",
         (STD, "std: Floats = np.max(x, axis=0) - np.min(x, axis=0)")),
    edit(FIT, "reciprocal", "the reciprocal of the standard deviation is returned.", (STD, "std: Floats = 1 / (np.std(x, axis=0) + 1e-8)")),
    edit(FIT, "large_guard",
         "the constant added to the standard deviation to avoid a division by 0 is so large that it changes the result.",
         (STD, "std: Floats = np.std(x, axis=0) + 1e-3")),
    edit(FIT, "deviation_of_everything", "the standard deviation is that of all features together.",
         (STD, "std: Floats = np.full(x.shape[1], np.std(x))")),
    edit(FIT, "median", "the median is returned instead of the mean.", (MEAN, "mean: Floats = np.median(x, axis=0).astype(x.dtype)")),
    edit(FIT, "sums", "the sums of the features are returned instead of their means.", (MEAN, "mean: Floats = np.sum(x, axis=0)")),
    edit(FIT, "mean_of_everything", "the mean is that of all features together.",
         (MEAN, "mean: Floats = np.full(x.shape[1], np.mean(x))")),
    edit(FIT, "axes_kept", "the statistics have an axis of size 1 too many: (1, D), where (D,) is required.",
         ("mean: Floats = np.mean(x, axis=0)", "mean: Floats = np.mean(x, axis=0, keepdims=True)"),
         ("std: Floats = np.std(x, axis=0)", "std: Floats = np.std(x, axis=0, keepdims=True)"), loses={SHAPE}),
    edit(FIT, "double_precision", "the statistics are float64 for a float32 training set.",
         (PAIR, "return mean.astype(np.float64), std.astype(np.float64)"), loses={DTYPE}),
    edit(FIT, "in_place", "the mean is subtracted from x itself, in place.", (PAIR, "x -= mean\n    return mean, std"), loses={PURITY}),
    edit(FIT, "mean_alone", "the mean is returned alone, without the standard deviation.", (PAIR, "return mean"),
         loses={VALUE, STABILITY} | TIDINESS),
)  # fmt: skip

SCALE = "scale = np.where(std > 0, std, 1)"
Z = "z: Floats = (x - mean) / scale"
RETURN = "return z"


def all_wrong(function: str, name: str, explanation: str, *edits: tuple[str, str]) -> Mistake:
    """Declare a mistake after which nothing that is applied comes out right."""
    return edit(function, name, explanation, *edits, loses={VALUE, STABILITY} | TIDINESS)


of_standardize = (
    edit(USE, "no_guard", "a constant feature is divided by its standard deviation of 0, which gives NaN.", (SCALE, "scale = std"),
         loses={STABILITY}),
    edit(USE, "guarded_too_late", "0 is divided by 0, and the NaN is replaced afterwards: NumPy warns all the same.",
         (SCALE, "scale = std"), (RETURN, "return np.nan_to_num(z)"), loses={STABILITY}),
    edit(USE, "constant_features_become_one", "a constant feature becomes 1, where it should become 0.",
         (RETURN, "return np.where(std > 0, z, 1)"), loses={STABILITY}),
    edit(USE, "all_or_nothing", "as soon as one feature is constant, no feature is divided by its standard deviation.",
         (SCALE, "scale = std if np.all(std > 0) else 1.0"), loses={STABILITY}),
    edit(USE, "own_statistics", "mean and std are measured on x once more; the given ones should be used, those of the training set.",
         (SCALE, "mean, std = np.mean(x, axis=0), np.std(x, axis=0)\n    scale = np.where(std > 0, std, 1)"), loses={VALUE}),
    edit(USE, "own_mean", "the mean is measured on x once more; the given one should be used, that of the training set.",
         (Z, "z: Floats = (x - np.mean(x, axis=0)) / scale"), loses={VALUE}),
    edit(USE, "own_deviation", "the standard deviation is measured on x once more; the given one should be used, that of the training set.",
         (SCALE, "std = np.std(x, axis=0)\n    scale = np.where(std > 0, std, 1)"), loses={VALUE}),
    all_wrong(USE, "large_guard",
              "the constant added to the standard deviation to avoid a division by 0 is so large that it changes the result.",
              (SCALE, "scale = std + 1e-3")),
    all_wrong(USE, "guard_of_1e_5", "1e-5 is added to the standard deviation, which shows in the fifth digit.",
              (SCALE, "scale = std + 1e-5")),
    all_wrong(USE, "not_divided", "the mean is subtracted, but nothing is divided by the standard deviation.", (Z, "z: Floats = x - mean")),
    all_wrong(USE, "not_shifted", "the mean is not subtracted.", (Z, "z: Floats = x / scale")),
    all_wrong(USE, "divided_by_the_variance", "x - mean is divided by the variance.", (Z, "z: Floats = (x - mean) / scale**2")),
    all_wrong(USE, "deviation_taken_for_variance", "x - mean is divided by the square root of std, as if std were the variance.",
              (Z, "z: Floats = (x - mean) / np.sqrt(scale)")),
    all_wrong(USE, "multiplied", "x - mean is multiplied by the standard deviation.", (Z, "z: Floats = (x - mean) * scale")),
    all_wrong(USE, "brackets_missing", "brackets are missing: the mean alone is divided by the standard deviation.",
              (Z, "z: Floats = x - mean / scale")),
    all_wrong(USE, "mean_added", "the mean is added, not subtracted.", (Z, "z: Floats = (x + mean) / scale")),
    all_wrong(USE, "one_mean_for_all_features", "the mean of all means is subtracted from every feature; each has its own.",
              (Z, "z: Floats = (x - np.mean(mean)) / scale")),
    all_wrong(USE, "one_deviation_for_all_features", "every feature is divided by the mean of all standard deviations; each has its own.",
              (SCALE, "scale = np.where(std > 0, np.mean(std), 1)")),
    all_wrong(USE, "sign_turned", "the difference is mean - x; it should be x - mean.", (Z, "z: Floats = (mean - x) / scale")),
    all_wrong(USE, "statistics_exchanged", "mean and std are swapped.",
              (SCALE, "mean, std = std, np.abs(mean)\n    scale = np.where(std > 0, std, 1)")),
    edit(USE, "double_precision", "the result is float64 for float32 arguments.", (RETURN, "return z.astype(np.float64)"), loses={DTYPE}),
    edit(USE, "in_place", "the mean is subtracted from x itself, in place.", (Z, "x -= mean\n    z: Floats = x / scale"), loses={PURITY}),
    edit(USE, "guard_put_into_the_argument", "the guard is written into std itself, which other sets need too.",
         (SCALE, "std[std == 0] = 1\n    scale = std"), loses={PURITY}),
    edit(USE, "squeezed", "axes of size 1 are squeezed out of the result: a single example is no longer a row.",
         (RETURN, "return z.squeeze()"), loses={SHAPE}),
)  # fmt: skip

RANGE_FIT, RANGE = "min_max_fit", "min_max"
LO, HI = "lo: Floats = np.min(x, axis=0)", "hi: Floats = np.max(x, axis=0)"
RANGE_PAIR = "return lo, hi"
WIDTH = "width = hi - lo"
RANGE_SCALE = "scale = np.where(width > 0, width, 1)"
RANGE_Z = "z: Floats = (x - lo) / scale"

of_min_max_fit = (
    edit(RANGE_FIT, "order_exchanged", "the largest values come first and the smallest second.", (RANGE_PAIR, "return hi, lo"),
         loses={VALUE} | TIDINESS),
    edit(RANGE_FIT, "one_pair_for_all_features", "one smallest and one largest value are taken over all features together.",
         (LO, "lo: Floats = np.full(x.shape[1], np.min(x))"), (HI, "hi: Floats = np.full(x.shape[1], np.max(x))"),
         loses={VALUE} | TIDINESS),
    edit(RANGE_FIT, "over_the_features", "the extremes are those of the examples, over their features (axis 1), not of the features.",
         (LO, "lo: Floats = np.min(x, axis=1)"), (HI, "hi: Floats = np.max(x, axis=1)"), loses={VALUE} | TIDINESS),
    edit(RANGE_FIT, "range_for_the_largest", "the range hi - lo is returned instead of the largest value.",
         (RANGE_PAIR, "return lo, hi - lo")),
    edit(RANGE_FIT, "search_started_at_zero", "both searches start at 0, though all values may be positive, or all negative.",
         (LO, "lo: Floats = np.minimum(np.min(x, axis=0), 0)"), (HI, "hi: Floats = np.maximum(np.max(x, axis=0), 0)"),
         loses={VALUE} | TIDINESS),
    edit(RANGE_FIT, "largest_search_started_at_zero", "the search for the largest value starts at 0, though all values may be negative.",
         (HI, "hi: Floats = np.maximum(np.max(x, axis=0), 0)")),
    edit(RANGE_FIT, "smallest_search_started_at_zero", "the search for the smallest value starts at 0, though all values may be positive.",
         (LO, "lo: Floats = np.minimum(np.min(x, axis=0), 0)"), loses={VALUE}),
    edit(RANGE_FIT, "smallest_twice", "hi is the smallest value too; it should be the largest.", (HI, "hi: Floats = np.min(x, axis=0)")),
    edit(RANGE_FIT, "largest_twice", "lo is the largest value too; it should be the smallest.", (LO, "lo: Floats = np.max(x, axis=0)")),
    edit(RANGE_FIT, "absolute_values", "the largest absolute value is returned instead of the largest value.",
         (HI, "hi: Floats = np.max(np.abs(x), axis=0)")),
    edit(RANGE_FIT, "first_and_last", "the first and the last row are returned instead of the smallest and the largest values.",
         (LO, "lo: Floats = x[0].copy()"), (HI, "hi: Floats = x[-1].copy()"), loses={VALUE} | TIDINESS),
    edit(RANGE_FIT, "percentiles", "the percentiles 5 and 95 are returned, not the extremes.",
         (LO, "lo: Floats = np.percentile(x, 5, axis=0)"), (HI, "hi: Floats = np.percentile(x, 95, axis=0)"), loses={VALUE} | TIDINESS),
    edit(RANGE_FIT, "indices", "the indices of the rows with the extremes are returned, not the extremes.",
         (LO, "lo: Floats = np.argmin(x, axis=0).astype(x.dtype)"), (HI, "hi: Floats = np.argmax(x, axis=0).astype(x.dtype)"),
         loses={VALUE} | TIDINESS),
    edit(RANGE_FIT, "axes_kept", "the extremes have an axis of size 1 too many: (1, D), where (D,) is required.",
         (RANGE_PAIR, "return lo[np.newaxis], hi[np.newaxis]"), loses={SHAPE}),
    edit(RANGE_FIT, "double_precision", "the extremes are float64 for a float32 training set.",
         (RANGE_PAIR, "return lo.astype(np.float64), hi.astype(np.float64)"), loses={DTYPE}),
    edit(RANGE_FIT, "in_place", "x itself is sorted, in place.", (LO, "x.sort(axis=0)\n    lo: Floats = x[0].copy()"), loses={PURITY}),
    edit(RANGE_FIT, "smallest_alone", "the smallest values are returned alone.", (RANGE_PAIR, "return lo"), loses={VALUE} | TIDINESS),
)  # fmt: skip

of_min_max = (
    edit(RANGE, "no_guard", "a constant feature is divided by its range of 0, which gives NaN.", (RANGE_SCALE, "scale = width"),
         loses={STABILITY}),
    edit(RANGE, "guarded_too_late", "0 is divided by 0, and the NaN is replaced afterwards: NumPy warns all the same.",
         (RANGE_SCALE, "scale = width"), (RETURN, "return np.nan_to_num(z)"), loses={STABILITY}),
    edit(RANGE, "constant_features_in_the_middle", "a constant feature becomes 0.5, where it should become 0.",
         (RETURN, "return np.where(width > 0, z, 0.5)"), loses={STABILITY}),
    edit(RANGE, "all_or_nothing", "as soon as one feature is constant, no feature is divided by its range.",
         (RANGE_SCALE, "scale = width if np.all(width > 0) else 1.0"), loses={STABILITY}),
    edit(RANGE, "own_range", "lo and hi are measured on x once more; the given ones should be used, those of the training set.",
         (WIDTH, "lo, hi = np.min(x, axis=0), np.max(x, axis=0)\n    width = hi - lo"), loses={VALUE}),
    edit(RANGE, "own_smallest", "lo is measured on x once more; the given one should be used, that of the training set.",
         (WIDTH, "lo = np.min(x, axis=0)\n    width = hi - lo"), loses={VALUE}),
    edit(RANGE, "own_largest", "hi is measured on x once more; the given one should be used, that of the training set.",
         (WIDTH, "hi = np.max(x, axis=0)\n    width = hi - lo"), loses={VALUE}),
    edit(RANGE, "clipped", "the result is clipped to [0, 1]; values outside of the range of the training set should stay outside.",
         (RETURN, "return np.clip(z, 0, 1)"), loses={VALUE}),
    all_wrong(RANGE, "large_guard", "the constant added to the range to avoid a division by 0 is so large that it changes the result.",
              (RANGE_SCALE, "scale = width + 1e-3")),
    all_wrong(RANGE, "divided_by_the_largest", "the divisor is hi; it should be hi - lo.",
              (RANGE_SCALE, "scale = np.where(hi != 0, hi, 1)")),
    all_wrong(RANGE, "not_shifted", "lo is not subtracted.", (RANGE_Z, "z: Floats = x / scale")),
    all_wrong(RANGE, "not_divided", "lo is subtracted, but nothing is divided by the range.", (RANGE_Z, "z: Floats = x - lo")),
    all_wrong(RANGE, "brackets_missing", "brackets are missing: lo alone is divided by the range.",
              (RANGE_Z, "z: Floats = x - lo / scale")),
    all_wrong(RANGE, "brackets_missing_in_the_divisor", "brackets are missing in the divisor: (x - lo) / hi - lo is computed.",
              (RANGE_Z, "z: Floats = (x - lo) / np.where(hi != 0, hi, 1) - lo")),
    all_wrong(RANGE, "no_brackets_at_all", "brackets are missing: x - lo / hi - lo is computed.",
              (RANGE_Z, "z: Floats = x - lo / np.where(hi != 0, hi, 1) - lo")),
    all_wrong(RANGE, "sum_for_the_range", "the divisor is hi + lo; it should be hi - lo.",
              (RANGE_SCALE, "scale = np.where(hi + lo != 0, hi + lo, 1)")),
    all_wrong(RANGE, "largest_subtracted", "hi is subtracted; it should be lo.", (RANGE_Z, "z: Floats = (x - hi) / scale")),
    all_wrong(RANGE, "minus_one_to_one", "the range is mapped to [-1, 1], not to [0, 1].",
              (RANGE_Z, "z: Floats = 2 * (x - lo) / scale - 1")),
    all_wrong(RANGE, "upside_down", "hi - x is divided by the range; it should be x - lo. The largest value becomes 0 and the smallest 1.",
              (RANGE_Z, "z: Floats = (hi - x) / scale")),
    all_wrong(RANGE, "one_range_for_all_features", "one range, from the smallest lo to the largest hi, is used for all features.",
              (WIDTH, "lo, hi = np.min(lo), np.max(hi)\n    width = hi - lo")),
    edit(RANGE, "double_precision", "the result is float64 for float32 arguments.", (RETURN, "return z.astype(np.float64)"), loses={DTYPE}),
    edit(RANGE, "in_place", "lo is subtracted from x itself, in place.", (RANGE_Z, "x -= lo\n    z: Floats = x / scale"), loses={PURITY}),
    edit(RANGE, "guard_put_into_the_argument", "the guard is written into hi itself, which other sets need too.",
         (WIDTH, "hi[hi == lo] += 1\n    width = hi - lo"), loses={PURITY}),
    edit(RANGE, "squeezed", "axes of size 1 are squeezed out of the result: a single example is no longer a row.",
         (RETURN, "return z.squeeze()"), loses={SHAPE}),
)  # fmt: skip
