"""Known mistakes in centring images."""

from __future__ import annotations

from grader.checks import Kind, Mistake, edit, rewrite

VALUE, SHAPE, DTYPE, PURITY = Kind.VALUE, Kind.SHAPE, Kind.DTYPE, Kind.PURITY
EVERYTHING = {VALUE, SHAPE, DTYPE, PURITY}

PIXELS, CHANNELS = "subtract_mean_image", "subtract_channel_mean"
RETURN = "return out"


def remembered(function: str, name: str, measured: str, key: str, fits: str, loses: set[Kind]) -> Mistake:
    """The mean of an earlier call is used again where `key`, some of the shape of the training images, is that of the earlier ones."""
    # A default argument is made once, and keeps what a call puts into it.
    body = f"""
def {function}(train, x, kept={{}}):
    if {key} not in kept:
        kept[{key}] = {measured}
    return x - kept[{key}]
"""
    explanation = f"the mean is kept from an earlier call with {fits}; it should be measured on train at every call."
    return rewrite(function, name, explanation, body, loses=loses)


def of_both(function: str, mean: str, measured: str) -> tuple[Mistake, ...]:
    """The slips that both functions invite; `measured` is how the reference measures, under the name `mean`."""
    out = f"out: Floats = x - {mean}"
    line = f"{mean} = {measured}"
    return (
        edit(function, "own_mean", "the mean is that of x itself; it should be that of the training images.",
             (line, f"{mean} = {measured.replace('train', 'x')}")),
        edit(function, "mean_of_both", "the mean is taken over the training images and x together.",
             (line, f"{mean} = {measured.replace('train', 'np.concatenate([train, x])')}")),
        edit(function, "one_mean_for_everything", "one number is subtracted, the mean of all pixels and channels.",
             (line, f"{mean} = np.mean(train)"), loses=EVERYTHING),
        edit(function, "one_mean_per_image", "from every image its own mean is subtracted; it should be the mean of the training images.",
             (out, "out: Floats = x - np.mean(x, axis=(1, 2, 3), keepdims=True)"), loses=EVERYTHING),
        edit(function, "channels_first", "the second axis is used as the channels; it should be the last one.",
             (line, f"{mean} = np.mean(train, axis=(0, 2, 3))[:, np.newaxis, np.newaxis]"), loses=EVERYTHING),
        edit(function, "one_mean_per_row_and_channel", "the mean is taken over images and columns: every row has a mean of its own.",
             (line, f"{mean} = np.mean(train, axis=(0, 2))[:, np.newaxis]"), loses=EVERYTHING),
        edit(function, "one_mean_per_column_and_channel", "the mean is taken over images and rows: every column has a mean of its own.",
             (line, f"{mean} = np.mean(train, axis=(0, 1))"), loses=EVERYTHING),
        edit(function, "sums", "sums are subtracted; they should be means.",
             (line, f"{mean} = {measured.replace('np.mean', 'np.sum')}"), loses=EVERYTHING),
        edit(function, "medians", "medians are subtracted; they should be means.",
             (line, f"{mean} = {measured.replace('np.mean', 'np.median')}.astype(x.dtype)"), loses=EVERYTHING),
        edit(function, "divided_by_the_deviation", "the result is divided by the standard deviation; only the mean should be subtracted.",
             (out, f"out: Floats = (x - {mean}) / ({measured.replace('np.mean', 'np.std')} + 1e-8)"), loses=EVERYTHING),
        edit(function, "added", "the mean is added, not subtracted.", (out, f"out: Floats = x + {mean}"), loses=EVERYTHING),
        edit(function, "sign_turned", "the difference is mean - x; it should be x - mean.",
             (out, f"out: Floats = {mean} - x"), loses=EVERYTHING),
        edit(function, "training_images_returned", "the mean is subtracted from the training images; it should be subtracted from x.",
             (out, f"out: Floats = train - {mean}"), loses={VALUE, SHAPE}),
        edit(function, "the_mean_itself", "the mean itself is returned; it should be subtracted from x.",
             (out, f"out: Floats = {mean} + np.zeros_like(x)"), loses=EVERYTHING),
        edit(function, "clipped_at_zero", "results below 0 are replaced by 0; they should stay negative.",
             (RETURN, "return np.maximum(out, 0)"), loses=EVERYTHING),
        edit(function, "double_precision", "the result is float64 for float32 images.", (RETURN, "return out.astype(np.float64)"),
             loses={DTYPE}),
        edit(function, "in_place", "the mean is subtracted from x itself, in place.", (out, f"x -= {mean}\n    out: Floats = x"),
             loses={PURITY}),
        edit(function, "squeezed", "axes of size 1 are squeezed out of the result.", (RETURN, "return out.squeeze()"), loses={SHAPE}),
        edit(function, "flattened", "the images are returned as rows: their axes are lost.", (RETURN, "return out.reshape(len(out), -1)"),
             loses=EVERYTHING),
    )  # fmt: skip


of_the_mean_image = (
    edit(PIXELS, "channel_means", "one mean per channel is subtracted; there should be one for every pixel and channel.",
         ("mean_image = np.mean(train, axis=0)", "mean_image = np.mean(train, axis=(0, 1, 2))"), loses=EVERYTHING),
    edit(PIXELS, "channels_averaged", "the channels are averaged too: one mean per pixel; there should be one for every pixel and channel.",
         ("mean_image = np.mean(train, axis=0)", "mean_image = np.mean(train, axis=(0, 3))[..., np.newaxis]"), loses=EVERYTHING),
    remembered(PIXELS, "mean_of_an_earlier_call", "np.mean(train, axis=0)", "train.shape[1:]", "images of the same shape", {VALUE, DTYPE}),
    *of_both(PIXELS, "mean_image", "np.mean(train, axis=0)"),
)  # fmt: skip

of_the_channel_means = (
    edit(CHANNELS, "mean_image", "the mean image is subtracted; each channel should have one mean for all its pixels.",
         ("channel_mean = np.mean(train, axis=(0, 1, 2))", "channel_mean = np.mean(train, axis=0)"), loses=EVERYTHING),
    edit(CHANNELS, "channels_of_each_image",
         "from every image the means of its own channels are subtracted; they should be those of the training set.",
         ("out: Floats = x - channel_mean", "out: Floats = x - np.mean(x, axis=(1, 2), keepdims=True)"), loses=EVERYTHING),
    edit(CHANNELS, "sum_over_pixels", "the sum over all pixels is divided by the number of images alone.",
         ("channel_mean = np.mean(train, axis=(0, 1, 2))", "channel_mean = np.sum(train, axis=(0, 1, 2)) / len(train)"), loses=EVERYTHING),
    remembered(CHANNELS, "mean_of_an_earlier_call", "np.mean(train, axis=(0, 1, 2))", "train.shape[1:]", "images of the same shape",
               {VALUE, DTYPE}),
    remembered(CHANNELS, "mean_of_as_many_channels", "np.mean(train, axis=(0, 1, 2))", "train.shape[3]", "as many channels", EVERYTHING),
    *of_both(CHANNELS, "channel_mean", "np.mean(train, axis=(0, 1, 2))"),
)  # fmt: skip
