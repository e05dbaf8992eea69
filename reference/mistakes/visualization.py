"""Known mistakes of the views of single filters, for each function the commonest of real work first."""

from __future__ import annotations

from grader.checks import Kind, edit

VALUE, SHAPE, DTYPE, PURITY, STABILITY = Kind.VALUE, Kind.SHAPE, Kind.DTYPE, Kind.PURITY, Kind.STABILITY

DEAD, GRID, MAX = "dead_filters", "filter_grid", "max_activating"
DEAD_ALL = {VALUE, SHAPE, DTYPE, PURITY}
DEAD_LINE = "dead: Bools = np.all(activations == 0, axis=(0, 2, 3))"

dead = (
    edit(DEAD, "any_for_all", "a filter is called dead if it is 0 somewhere; it must be 0 everywhere.",
         (DEAD_LINE, "dead = np.any(activations == 0, axis=(0, 2, 3))"), loses=DEAD_ALL),
    edit(DEAD, "sum_of_zero", "the values are summed, so that some cancel; a filter is dead only if each of them is 0.",
         (DEAD_LINE, "dead = np.sum(activations, axis=(0, 2, 3)) == 0")),
    edit(DEAD, "negative_is_dead", "a filter with negative values is called dead; only 0 is.",
         (DEAD_LINE, "dead = np.all(activations <= 0, axis=(0, 2, 3))")),
    edit(DEAD, "nearly_zero_is_dead", "a filter with values near 0 is called dead; only exactly 0 is.",
         (DEAD_LINE, "dead = np.all(np.abs(activations) < 1e-6, axis=(0, 2, 3))")),
    edit(DEAD, "one_input_is_enough", "a filter is called dead if it is 0 on some input; it must be 0 on every one.",
         (DEAD_LINE, "dead = np.any(np.all(activations == 0, axis=(2, 3)), axis=0)"), loses=DEAD_ALL),
    edit(DEAD, "first_input_only", "only the first input is looked at.",
         (DEAD_LINE, "dead = np.all(activations[0] == 0, axis=(1, 2))"), loses=DEAD_ALL),
    edit(DEAD, "last_input_only", "only the last input counts, as when a loop overwrites what it has found.",
         (DEAD_LINE, "dead = np.all(activations[-1] == 0, axis=(1, 2))"), loses=DEAD_ALL),
    edit(DEAD, "largest_is_zero",
         "only the largest value is looked at; a filter whose largest value is 0 is alive if any of its values is negative.",
         (DEAD_LINE, "dead = np.max(activations, axis=(0, 2, 3)) == 0")),
    edit(DEAD, "smallest_is_zero", "only the smallest value is looked at; a filter is dead only if the largest is 0 as well.",
         (DEAD_LINE, "dead = np.min(activations, axis=(0, 2, 3)) == 0"), loses=DEAD_ALL),
    edit(DEAD, "first_position_only", "only the first position of each map is looked at.",
         (DEAD_LINE, "dead = np.all(activations[:, :, 0, 0] == 0, axis=0)"), loses=DEAD_ALL),
    edit(DEAD, "one_answer_per_input", "there is an answer for every input; a filter should have one answer over all inputs.",
         (DEAD_LINE, "dead = np.all(activations == 0, axis=(2, 3))"), loses=DEAD_ALL),
    edit(DEAD, "alive_for_dead", "the filters that are alive are marked.",
         (DEAD_LINE, "dead = np.any(activations != 0, axis=(0, 2, 3))"), loses=DEAD_ALL),
    edit(DEAD, "inputs_for_filters", "inputs are judged, not filters: the wrong axes are reduced.",
         (DEAD_LINE, "dead = np.all(activations == 0, axis=(1, 2, 3))"), loses=DEAD_ALL),
    edit(DEAD, "channels_last", "the last axis is used for the filters; they are axis 1.",
         (DEAD_LINE, "dead = np.all(activations == 0, axis=(0, 1, 2))"), loses=DEAD_ALL),
    edit(DEAD, "numbers_for_booleans", "the result is 0 and 1; it should be False and True.",
         (DEAD_LINE, DEAD_LINE + ".astype(int)"), loses={DTYPE}),
    edit(DEAD, "axes_kept", "the reduced axes are kept, with length 1.",
         (DEAD_LINE, "dead = np.all(activations == 0, axis=(0, 2, 3), keepdims=True)"), loses={SHAPE}),
    edit(DEAD, "argument_overwritten", "activations is changed in place.",
         (DEAD_LINE, "np.equal(activations, 0, out=activations); dead = np.all(activations, axis=(0, 2, 3))"), loses={PURITY}),
)  # fmt: skip

GRID_ALL = {VALUE, STABILITY, SHAPE, DTYPE, PURITY}
LOW, HIGH = "low = np.min(W, axis=(1, 2, 3), keepdims=True)", "high = np.max(W, axis=(1, 2, 3), keepdims=True)"
TILES = "tiles = (W - low) / np.where(spread > 0, spread, 1)"
SYMMETRIC = (
    "largest = np.max(np.abs(W), axis=(1, 2, 3), keepdims=True)\n"
    "    tiles = ((W / np.where(largest > 0, largest, 1) + 1) / 2).astype(W.dtype)"
)
COLUMNS, ROWS = "columns = math.ceil(math.sqrt(n_filters))", "rows = math.ceil(n_filters / columns)"
IMAGE = "image = np.zeros((rows * (height + pad) - pad, columns * (width + pad) - pad, channels), dtype=W.dtype)"
PLACE = "top, left = row * (height + pad), column * (width + pad)"
RETURN = "return image"

scale = (
    edit(GRID, "scaled_all_together",
         "all filters are scaled by the least and the largest weight of the layer; each should be scaled by its own.",
         (LOW, "low = np.min(W)"), (HIGH, "high = np.max(W)")),
    edit(GRID, "scaled_by_channel", "every channel of a filter is scaled on its own; all its channels should be scaled together.",
         (LOW, "low = np.min(W, axis=(1, 2), keepdims=True)"), (HIGH, "high = np.max(W, axis=(1, 2), keepdims=True)")),
    edit(GRID, "scaled_by_pixel", "every pixel of a filter is scaled on its own; all its pixels should be scaled together.",
         (LOW, "low = np.min(W, axis=3, keepdims=True)"), (HIGH, "high = np.max(W, axis=3, keepdims=True)"), loses=GRID_ALL),
    edit(GRID, "not_scaled", "the weights are not scaled.", (TILES, "tiles = W"), loses={VALUE, STABILITY}),
    edit(GRID, "divided_by_the_largest", "the weights are divided by the largest one, and the least is not subtracted first.",
         (TILES, "tiles = W / np.where(high > 0, high, 1)"), loses={VALUE, STABILITY}),
    edit(GRID, "divided_by_the_largest_after_shift",
         "the least weight is subtracted, but the result is divided by the largest weight, not by the range.",
         (TILES, "tiles = (W - low) / np.where(high != 0, high, 1)")),
    edit(GRID, "least_not_subtracted", "the weights are divided by their range, but the least is not subtracted first.",
         (TILES, "tiles = W / np.where(spread > 0, spread, 1)"), loses={VALUE, STABILITY}),
    edit(GRID, "symmetric_around_zero",
         "each filter is divided by its largest absolute value, and 0 becomes 1/2; the least weight should become 0 and the largest 1.",
         (TILES, f"{SYMMETRIC}\n    tiles = np.where(spread > 0, tiles, 0)"), loses=GRID_ALL),
    edit(GRID, "symmetric_around_zero_throughout",
         "each filter, even a constant one, is divided by its largest absolute value, and 0 becomes 1/2; "
         "the least weight should become 0.",
         (TILES, SYMMETRIC), loses=GRID_ALL),
    edit(GRID, "clipped_not_scaled", "the weights are clipped to [0, 1], not scaled.", (TILES, "tiles = np.clip(W, 0, 1)"),
         loses={VALUE, STABILITY}),
    edit(GRID, "up_to_255", "the image is scaled to 255, not to 1.", (TILES, TILES + "; tiles = 255 * tiles")),
    edit(GRID, "upside_down", "black and white are swapped: the largest weight becomes 0; it should become 1.",
         (TILES, "tiles = (high - W) / np.where(spread > 0, spread, 1)"), loses=GRID_ALL),
    edit(GRID, "standardized", "the weights are standardized to mean 0 and variance 1, not scaled to [0, 1].",
         (TILES, "tiles = (W - W.mean((1, 2, 3), keepdims=True)) / np.maximum(W.std((1, 2, 3), keepdims=True), 1e-6).astype(W.dtype)"),
         loses=GRID_ALL),
    edit(GRID, "zero_by_zero", "a filter whose weights are all equal is divided by 0.",
         (TILES, "tiles = (W - low) / spread"), loses={STABILITY}),
    edit(GRID, "constant_is_one", "a filter whose weights are all equal becomes 1; it should become 0.",
         (TILES, TILES + "; tiles = np.where(spread > 0, tiles, 1)"), loses={STABILITY}),
    edit(GRID, "constant_not_scaled", "a filter whose weights are all equal is shown as it is; it should become 0.",
         (TILES, TILES + "; tiles = np.where(spread > 0, tiles, W)"), loses={STABILITY}),
    edit(GRID, "warns_of_zero_by_zero", "0 is divided by 0 for a constant filter, and the NaN replaced afterwards: NumPy warns.",
         (TILES, "tiles = np.nan_to_num((W - low) / spread)"), loses={STABILITY}),
)  # fmt: skip

layout = (
    edit(GRID, "square_grid", "there are always as many rows as columns; rows without any filter should be left out.",
         (ROWS, "rows = columns")),
    edit(GRID, "column_by_column", "the tiles are laid out column by column; they should be laid out row by row.",
         ("row, column = divmod(f, columns)", "column, row = divmod(f, rows)")),
    edit(GRID, "frame_around", "there is padding around the image too; it should be between tiles only.",
         (RETURN, "return np.pad(image, ((pad, pad), (pad, pad), (0, 0)))")),
    edit(GRID, "padding_behind_the_last", "there is padding after the last row and the last column too; it should be between tiles only.",
         (RETURN, "return np.pad(image, ((0, pad), (0, pad), (0, 0)))")),
    edit(GRID, "padding_of_one", "the padding is 1, not 0.",
         (IMAGE, IMAGE.replace("np.zeros", "np.ones"))),
    edit(GRID, "pad_ignored", "the padding is always 1 wide.", (COLUMNS, COLUMNS + "; pad = 1")),
    edit(GRID, "padding_twice", "the padding is twice as wide as it should be.", (COLUMNS, COLUMNS + "; pad = 2 * pad")),
    edit(GRID, "padding_not_in_the_places", "the tiles are placed without the padding, so that all of it is at the end.",
         (PLACE, "top, left = row * height, column * width")),
    edit(GRID, "one_row", "all tiles are in one row.", (COLUMNS, "columns = n_filters")),
    edit(GRID, "columns_rounded_down", "the number of columns is rounded down; it should be rounded up.",
         (COLUMNS, "columns = math.floor(math.sqrt(n_filters))")),
    edit(GRID, "more_rows_than_columns",
         "the number of rows is ceil(sqrt(F)), and the columns follow from it; the number of columns should be ceil(sqrt(F)).",
         (COLUMNS, "columns = math.ceil(n_filters / math.ceil(math.sqrt(n_filters)))")),
)  # fmt: skip

form = (
    edit(GRID, "channel_axis_lost", "the channel axis is dropped if there is one channel.",
         (RETURN, "return image[:, :, 0] if channels == 1 else image"), loses={SHAPE}),
    edit(GRID, "float64_always", "the image is always float64; it should have the dtype of W.",
         (IMAGE, IMAGE.replace(", dtype=W.dtype", "")), loses={DTYPE}),
    edit(GRID, "argument_overwritten", "W itself is scaled in place.", (TILES, TILES + "; W -= low"), loses={PURITY}),
)  # fmt: skip

MAX_ALL = {VALUE, SHAPE, DTYPE, PURITY}
SCORES = "scores = np.max(activations, axis=(2, 3))"
ORDER = 'order = np.argsort(-scores, axis=0, kind="stable")'
INDICES = "indices: Integers = order[:k].T"

highest = (
    edit(MAX, "mean_activation", "inputs are ranked by the mean of their activation map; they should be ranked by its largest value.",
         (SCORES, "scores = np.mean(activations, axis=(2, 3))")),
    edit(MAX, "absolute_activation", "inputs are ranked by the largest absolute value; they should be ranked by the largest value itself.",
         (SCORES, "scores = np.max(np.abs(activations), axis=(2, 3))")),
    edit(MAX, "squared_activation",
         "inputs are ranked by the sum of squares over their activation map; they should be ranked by its largest value.",
         (SCORES, "scores = np.sum(activations**2, axis=(2, 3))")),
    edit(MAX, "negative_cut_off", "negative values are replaced by 0, so that their order is lost.",
         (SCORES, "scores = np.maximum(np.max(activations, axis=(2, 3)), 0)")),
    edit(MAX, "ascending", "the best of the k comes last.", (INDICES, "indices = order[:k][::-1].T"), loses=MAX_ALL),
    edit(MAX, "end_of_a_rising_sort",
         "the last k of a rising sort, or of np.argpartition, are returned as they are; the largest score should come first.",
         (ORDER, "order = np.argsort(scores, axis=0)"), (INDICES, "indices = order[len(order) - k :].T"), loses=MAX_ALL),
    edit(MAX, "first_position_only", "inputs are ranked by the first position of their activation map; its largest value should be used.",
         (SCORES, "scores = activations[:, :, 0, 0]")),
    edit(MAX, "least_activating", "the inputs that activate a filter least are returned.",
         (ORDER, 'order = np.argsort(scores, axis=0, kind="stable")'), loses=MAX_ALL),
    edit(MAX, "values_for_indices", "the scores are returned, not the indices of the inputs.",
         (INDICES, "indices = np.take_along_axis(scores, order, axis=0)[:k].T"), loses=MAX_ALL),
    edit(MAX, "order_upside_down", "the result of a rising sort is reversed, and tied scores with it.",
         (ORDER, 'order = np.argsort(scores, axis=0, kind="stable")[::-1]')),
    edit(MAX, "unstable_sort_reversed", "a rising sort, which is not stable, is reversed, so that tied scores come in the wrong order.",
         (ORDER, "order = np.argsort(scores, axis=0)[::-1]")),
    edit(MAX, "unstable_sort", "the sort, or np.argpartition, is not stable, so that tied scores come in any order.",
         (ORDER, "order = np.argsort(-scores, axis=0)")),
    edit(MAX, "index_from_one", "inputs are counted from 1.", (INDICES, "indices = order[:k].T + 1"), loses=MAX_ALL),
    edit(MAX, "filters_for_inputs", "filters are ranked for each input, not inputs for each filter.",
         (ORDER, 'order = np.argsort(-scores.T, axis=0, kind="stable")'), loses=MAX_ALL),
    edit(MAX, "transposed", "the result has the shape (k, F); it should be (F, k).", (INDICES, "indices = order[:k]"), loses=MAX_ALL),
    edit(MAX, "positions_for_inputs", "positions within all maps of a filter are returned; the inputs that they belong to are required.",
         (SCORES, "scores = activations.transpose(0, 2, 3, 1).reshape(-1, activations.shape[1])")),
    edit(MAX, "indices_as_floats", "the indices are floating-point numbers.",
         (INDICES, "indices = order[:k].T.astype(float)"), loses={DTYPE}),
    edit(MAX, "an_axis_too_many", "the result has an extra axis of length 1.",
         (INDICES, "indices = order[None, :k].T"), loses={SHAPE}),
    edit(MAX, "argument_overwritten", "activations is changed in place.",
         (INDICES, INDICES + "; np.negative(activations, out=activations)"), loses={PURITY}),
)  # fmt: skip
