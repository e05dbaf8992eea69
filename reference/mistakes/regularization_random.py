"""Known mistakes of the random functions, for each the commonest of real work first."""

from __future__ import annotations

from grader.checks import Kind, Mistake, edit

VALUE, STATISTICS, SHAPE, DTYPE, PURITY = Kind.VALUE, Kind.STATISTICS, Kind.SHAPE, Kind.DTYPE, Kind.PURITY
BOOTSTRAP, CROP, FLIP = "bootstrap_indices", "random_crop", "random_flip"

INDICES = "rng.integers(n, size=(k, n))"
BOOTSTRAP_ALL = {VALUE, STATISTICS, SHAPE, DTYPE}


def drawing(name: str, explanation: str, instead: str, loses: set[Kind] | None = None) -> Mistake:
    """Declare other indices."""
    return edit(BOOTSTRAP, name, explanation, (INDICES, instead), loses=loses or {STATISTICS})


bootstrap = (
    drawing("without_replacement", "each set is a permutation: it is drawn without replacement, and holds every example once.",
            "np.stack([rng.permutation(n) for _ in range(k)])"),
    drawing("last_example_never", "rng.integers excludes its upper end, which should be n: example n - 1 is never drawn.",
            "rng.integers(0, max(n - 1, 1), size=(k, n))"),
    drawing("last_example_excluded", "rng.integers excludes its upper end, which should be n: n - 1 is never drawn, and n = 1 fails.",
            "rng.integers(0, n - 1, size=(k, n))", {VALUE, STATISTICS}),
    drawing("counted_from_one", "examples are counted from 1, so that n is drawn and 0 is not.", "rng.integers(1, n + 1, size=(k, n))",
            {VALUE, STATISTICS}),
    drawing("end_included",
            "n is drawn too, which is not an index; rng.integers(n) already leaves out n, so it needs no endpoint=True and no n + 1.",
            "rng.integers(0, n, size=(k, n), endpoint=True)",
            {VALUE, STATISTICS}),
    drawing("first_example_never", "the draws begin at 1, so that example 0 is never drawn.", "rng.integers(1, n, size=(k, n))",
            {VALUE, STATISTICS}),
    drawing("one_set_for_all", "one set is drawn, and all k are equal to it.", "np.tile(rng.integers(n, size=n), (k, 1))"),
    drawing("one_set_shuffled", "one set is drawn, and the others are the same examples in another order.",
            "rng.permuted(np.tile(rng.integers(n, size=n), (k, 1)), axis=1)"),
    drawing("one_example_per_set", "one example is drawn per set, and fills all of it.", "np.tile(rng.integers(n, size=(k, 1)), (1, n))"),
    drawing("balanced", "the k * n draws are shared out evenly, so that over all sets every example comes exactly k times.",
            "rng.permutation(k * n).reshape(k, n) % n"),
    drawing("rounded_to_nearest",
            "a real number is drawn and rounded to the nearest index, so that the first and the last are half as likely.",
            "np.rint(rng.random((k, n)) * (n - 1)).astype(int)"),
    drawing("numpy_random_for_rng", "numpy.random is used for the draws; rng should be.", "np.random.randint(n, size=(k, n))"),
    drawing("generator_made_inside", "the function makes a generator with its own seed, so that its sets are always the same.",
            "np.random.default_rng(0).integers(n, size=(k, n))"),
    drawing("sizes_exchanged", "the sets are the columns: n rows and k columns.", "rng.integers(n, size=(n, k))", BOOTSTRAP_ALL),
    drawing("one_set_alone", "one set of n is returned, not k of them.", "rng.integers(n, size=n)", BOOTSTRAP_ALL),
    drawing("k_examples_counted", "n and k are swapped: k numbers below k are drawn for each of n sets.",
            "rng.integers(k, size=(n, k))", BOOTSTRAP_ALL),
    drawing("drawn_numbers_not_rounded", "the draws are not whole numbers.", "rng.random((k, n)) * (n - 1)",
            {VALUE, STATISTICS, DTYPE}),
    drawing("whole_numbers_in_floating_point", "the indices are whole numbers of a floating-point dtype, which cannot index an array.",
            "np.floor(rng.random((k, n)) * n)", {DTYPE}),
    drawing("one_axis_dropped", "for k = 1, the axis of the sets is dropped.", "rng.integers(n, size=(k, n)).squeeze()", {SHAPE}),
)  # fmt: skip

ROWS, COLUMNS = "rng.integers(height - size + 1, size=n)", "rng.integers(width - size + 1, size=n)"
CUT = "x[images, rows[:, :, np.newaxis], columns[:, np.newaxis, :]]"
BELOW, BESIDE = "tops[:, np.newaxis] + np.arange(size)", "lefts[:, np.newaxis] + np.arange(size)"
CROP_ALL = {VALUE, STATISTICS, SHAPE, DTYPE, PURITY}


def starting(name: str, explanation: str, rows: str, columns: str, loses: set[Kind] | None = None) -> Mistake:
    """Declare windows that start elsewhere."""
    return edit(CROP, name, explanation, (ROWS, rows), (COLUMNS, columns), loses=loses or {STATISTICS})


def cutting(name: str, explanation: str, instead: str, loses: set[Kind]) -> Mistake:
    """Declare another way to cut."""
    return edit(CROP, name, explanation, (CUT, instead), loses=loses)


crop = (
    starting("last_place_never",
             "rng.integers excludes its upper end, which should be one more: no window starts at H - size or W - size.",
             "rng.integers(max(height - size, 1), size=n)", "rng.integers(max(width - size, 1), size=n)"),
    starting("last_place_excluded",
             "rng.integers excludes its upper end, so a + 1 is missing: no window starts at H - size or W - size.",
             "rng.integers(height - size, size=n)", "rng.integers(width - size, size=n)", {VALUE, STATISTICS}),
    starting("last_row_excluded", "rng.integers excludes its upper end, so a + 1 is missing: no window starts in row H - size.",
             "rng.integers(height - size, size=n)", COLUMNS, {VALUE, STATISTICS}),
    starting("last_column_excluded", "rng.integers excludes its upper end, so a + 1 is missing: no window starts in column W - size.",
             ROWS, "rng.integers(width - size, size=n)", {VALUE, STATISTICS}),
    starting("first_place_never", "the draws begin at 1, so that no window starts in row 0 or column 0.",
             "rng.integers(1, height - size + 1, size=n)", "rng.integers(1, width - size + 1, size=n)", {VALUE, STATISTICS}),
    starting("one_window_for_all", "one place is drawn for the windows of all images; each image should have its own.",
             "np.repeat(rng.integers(height - size + 1), n)", "np.repeat(rng.integers(width - size + 1), n)"),
    starting("always_the_centre", "the window is always at the same place, such as the centre: nothing is drawn.",
             "np.full(n, (height - size) // 2)", "np.full(n, (width - size) // 2)"),
    starting("one_number_for_both", "one number is drawn for both row and column, so that windows lie on a diagonal.",
             "np.floor((u := rng.random(n)) * (height - size + 1)).astype(int)", "np.floor(u * (width - size + 1)).astype(int)"),
    starting("one_number_of_the_shorter_side", "one number is drawn for both row and column, within the range of the shorter side.",
             "(both := rng.integers(min(height, width) - size + 1, size=n))", "both"),
    starting("same_range_for_both", "rows and columns are both drawn from the range of the shorter side.",
             "rng.integers(min(height, width) - size + 1, size=n)", "rng.integers(min(height, width) - size + 1, size=n)"),
    starting("rounded_to_nearest",
             "a real number is drawn and rounded to the nearest place, so that the ends are half as likely as the others.",
             "np.rint(rng.uniform(0, height - size, n)).astype(int)", "np.rint(rng.uniform(0, width - size, n)).astype(int)"),
    starting("row_for_all_images", "one row is drawn for all images; each should have its own, as it has its own column.",
             "np.repeat(rng.integers(height - size + 1), n)", COLUMNS),
    starting("column_for_all_images", "one column is drawn for all images; each should have its own, as it has its own row.",
             ROWS, "np.repeat(rng.integers(width - size + 1), n)"),
    starting("places_in_turn", "the places follow one another in a fixed order; they should be drawn.",
             "np.arange(n) % (height - size + 1)",
             "np.arange(n) % (width - size + 1)"),
    starting("numpy_random_for_rng", "numpy.random is used for the draws; rng should be.",
             "np.random.randint(height - size + 1, size=n)", "np.random.randint(width - size + 1, size=n)"),
    starting("generator_made_inside", "the function makes a generator with its own seed, so that its windows are always the same.",
             "(own := np.random.default_rng(0)).integers(height - size + 1, size=n)", "own.integers(width - size + 1, size=n)"),
    edit(CROP, "pixels_at_random", "every row and column is drawn separately, so that they are not neighbours.",
         (BELOW, "rng.integers(height, size=(n, size))"), (BESIDE, "rng.integers(width, size=(n, size))"), loses={VALUE}),
    edit(CROP, "wrapped_around", "windows start anywhere and continue at the other end of the image.",
         (ROWS, "rng.integers(height, size=n)"), (COLUMNS, "rng.integers(width, size=n)"),
         (BELOW, "(tops[:, np.newaxis] + np.arange(size)) % height"), (BESIDE, "(lefts[:, np.newaxis] + np.arange(size)) % width"),
         loses={VALUE}),
    cutting("transposed", "rows and columns of the window are swapped.", f"{CUT}.transpose(0, 2, 1, 3)", {VALUE}),
    cutting("another_image", "the windows come from images in a random order.", CUT.replace("images", "rng.permutation(images)"), {VALUE}),
    cutting("resized", "rows and columns in between are left out; the window should hold neighbouring ones.",
            "x[:, np.arange(size) * height // size][:, :, np.arange(size) * width // size]", {VALUE, STATISTICS}),
    cutting("padded", "the rest of the image is set to 0, not cut off.", "np.where(np.arange(height)[:, None, None] < size, x, 0)",
            {VALUE, STATISTICS, SHAPE}),
    cutting("axes_of_size_one_dropped", "axes of length 1 are squeezed out of the windows.", f"{CUT}.squeeze()", {SHAPE}),
    cutting("in_double_precision", "the windows are float64, though the images are float32.",
            f"np.zeros((n, size, size, _channels)) + {CUT}", {DTYPE}),
    edit(CROP, "written_into_the_images", "the windows are written into x itself.",
         ("return out", "x[:, :size, :size] = out\n    return x[:, :size, :size]"), loses={PURITY}),
)  # fmt: skip

COIN, MIRRORED = "rng.random(len(x)) < 0.5", "x[:, :, ::-1]"
COPY, PUT = "out = x.copy()", "out[flipped] = mirrored[flipped]"
FLIP_ALL = {VALUE, STATISTICS, SHAPE, DTYPE, PURITY}


def tossing(name: str, explanation: str, instead: str, loses: set[Kind] | None = None) -> Mistake:
    """Declare other coins."""
    return edit(FLIP, name, explanation, (COIN, instead), loses=loses or {STATISTICS})


def mirroring(name: str, explanation: str, instead: str) -> Mistake:
    """Declare another mirror."""
    return edit(FLIP, name, explanation, (MIRRORED, instead), loses={VALUE})


flip = (
    mirroring("fliplr_of_the_batch", "rows are reversed, not columns: images are turned upside down (as np.fliplr does with a batch).",
              "x[:, ::-1]"),
    tossing("one_coin_for_all", "one coin is tossed for all images: either all are mirrored or none is.",
            "np.repeat(rng.random() < 0.5, len(x))"),
    tossing("all_mirrored", "every image is mirrored.", "np.ones(len(x), bool)"),
    tossing("none_mirrored", "no image is mirrored.", "np.zeros(len(x), bool)", FLIP_ALL),
    tossing("too_often",
            "images are mirrored with a probability well above 1/2, for instance because normal numbers are drawn, not uniform ones.",
            "rng.standard_normal(len(x)) < 0.5"),
    tossing("too_seldom", "images are mirrored with a probability well below 1/2, such as 1/3 or 1/4.",
            "rng.integers(3, size=len(x)) == 0"),
    tossing("exactly_half", "exactly half of the images are mirrored; each should be mirrored or not on its own.",
            "rng.permutation(len(x)) < len(x) // 2"),
    tossing("every_other", "every second image is mirrored; only whether it is the first or the second of each pair is random.",
            "np.arange(len(x)) % 2 == rng.integers(2)"),
    tossing("in_pairs", "two neighbouring images share a coin.", "np.repeat(rng.random((len(x) + 1) // 2) < 0.5, 2)[: len(x)]"),
    tossing("numpy_random_for_rng", "numpy.random is used for the draws; rng should be.", "np.random.rand(len(x)) < 0.5"),
    tossing("generator_made_inside", "the function makes a generator with its own seed, so that the same images are always mirrored.",
            "np.random.default_rng(0).random(len(x)) < 0.5"),
    mirroring("half_turn", "rows are reversed together with the columns: images are rotated by 180 degrees.", "x[:, ::-1, ::-1]"),
    mirroring("channels_reversed", "the channels are reversed, not the columns.", "x[:, :, :, ::-1]"),
    mirroring("channels_reversed_too", "the channels are reversed together with the columns.", "x[:, :, ::-1, ::-1]"),
    mirroring("images_reversed", "the order of the images is reversed, not that of their columns.", "x[::-1]"),
    edit(FLIP, "coin_for_every_row", "a coin is tossed for every row of an image.",
         (COIN, "rng.random(x.shape[:2]) < 0.5"), loses={VALUE}),
    edit(FLIP, "coin_for_every_channel", "a coin is tossed for every channel of an image.",
         (COIN, "rng.random((len(x), 1, 1, x.shape[3])) < 0.5"), (PUT, "out = np.where(flipped, mirrored, x)"), loses={VALUE}),
    edit(FLIP, "others_left_out", "the images that are not mirrored are set to 0.", (COPY, "out = np.zeros_like(x)"),
         loses={VALUE, STATISTICS}),
    edit(FLIP, "mirrored_images_alone", "only the mirrored images are returned, without the others.", (PUT, "out = mirrored[flipped]"),
         loses=FLIP_ALL),
    edit(FLIP, "both_returned", "the mirrored images are appended to the others: there are more than before.",
         (PUT, "out = np.concatenate([x, mirrored[flipped]])"), loses=FLIP_ALL),
    edit(FLIP, "in_double_precision", "the images come back in float64, though they are float32.", (COPY, "out = x.astype(np.float64)"),
         loses={DTYPE}),
    edit(FLIP, "mirrored_in_place", "x itself is mirrored in place.", (COPY, "mirrored = mirrored.copy()\n    out = x"), loses={PURITY}),
    edit(FLIP, "axes_of_size_one_dropped", "axes of length 1 are squeezed out of the images.", ("return out", "return out.squeeze()"),
         loses={SHAPE}),
)  # fmt: skip
