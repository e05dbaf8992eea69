"""Known mistakes of the ten crops and of resizing, for each the commonest of real work first."""

from __future__ import annotations

from grader.checks import Kind, Mistake, edit

VALUE, SHAPE, DTYPE, PURITY = Kind.VALUE, Kind.SHAPE, Kind.DTYPE, Kind.PURITY
ALL = {VALUE, SHAPE, DTYPE, PURITY}
TEN, RESIZE = "ten_crop", "resize_short_side"

CORNERS = "[(0, 0), (0, right), (bottom, 0), (bottom, right), (middle, centre)]"
MIRRORED, JOINED = "crops[:, :, ::-1]", "np.concatenate([crops, mirrored])"
CENTRES = "middle, centre = bottom // 2, right // 2"


def ordered(name: str, explanation: str, instead: str) -> Mistake:
    """Declare all ten in another order; what is there is right."""
    return edit(TEN, name, explanation, (JOINED, instead), loses={VALUE})


ten_crop = (
    edit(TEN, "upside_down", "the crops are mirrored upside down; left and right should be swapped.", (MIRRORED, "crops[:, ::-1]")),
    ordered("each_beside_its_mirror_image",
            "each crop is followed by its mirror image; all five crops should come first, then their mirror images.",
            "np.stack([crops, mirrored], axis=1).reshape(-1, *crops.shape[1:])"),
    ordered("centre_first", "the centre comes first; it should come after the corners.",
            "np.concatenate([crops[[4, 0, 1, 2, 3]], mirrored[[4, 0, 1, 2, 3]]])"),
    ordered("down_before_right", "the lower left corner comes before the upper right one; it should come after it.",
            "np.concatenate([crops[[0, 2, 1, 3, 4]], mirrored[[0, 2, 1, 3, 4]]])"),
    ordered("clockwise", "the corners are in clockwise order: the lower right one comes before the lower left one.",
            "np.concatenate([crops[[0, 1, 3, 2, 4]], mirrored[[0, 1, 3, 2, 4]]])"),
    ordered("mirrored_first", "the mirror images come first; the five crops should.", "np.concatenate([mirrored, crops])"),
    ordered("mirrored_image_cropped",
            "the mirrored image is cropped in the order of the corners, so that left and right crops are swapped.",
            "np.concatenate([crops, mirrored[[1, 0, 3, 2, 4]]])"),
    edit(TEN, "half_turn", "the mirror images are rotated by 180 degrees: their rows are reversed too.",
         (MIRRORED, "crops[:, ::-1, ::-1]")),
    edit(TEN, "channels_reversed", "the channels are reversed, not the columns.", (MIRRORED, "crops[:, :, :, ::-1]")),
    edit(TEN, "order_reversed", "the order of the five is reversed, not their columns.", (MIRRORED, "crops[::-1]")),
    edit(TEN, "five_twice", "the five crops are returned twice, without any mirror image.", (MIRRORED, "crops")),
    edit(TEN, "no_centre", "the crop of the centre is the upper left corner again.", (CENTRES, "middle, centre = 0, 0")),
    edit(TEN, "centre_starts_in_the_middle", "the crop of the centre starts in the middle of the image; the middle should be its centre.",
         (CENTRES, "middle, centre = min(height // 2, bottom), min(width // 2, right)")),
    edit(TEN, "centre_by_the_height", "the centre's column is computed from the height.",
         (CENTRES, "middle, centre = bottom // 2, min(bottom // 2, right)")),
    edit(TEN, "centre_by_the_width", "the centre's row is computed from the width.",
         (CENTRES, "middle, centre = min(right // 2, bottom), right // 2")),
    edit(TEN, "lower_left_twice", "the lower left corner is cut out twice, and the lower right one not at all.",
         (CORNERS, CORNERS.replace("(bottom, right)", "(bottom, 0)"))),
    edit(TEN, "upper_right_twice", "the upper right corner is cut out twice, and the lower right one not at all.",
         (CORNERS, CORNERS.replace("(bottom, right)", "(0, right)"))),
    edit(TEN, "height_and_width_exchanged", "height and width are swapped: the corners are not those of the image.",
         ("height, width, _channels = image.shape", "width, height, _channels = image.shape"),
         ("image[top : top + size, left : left + size] for",
          "np.resize(image, (max(image.shape), max(image.shape), image.shape[2]))[top : top + size, left : left + size] for")),
    edit(TEN, "one_before_the_end", "the right and lower crops end one pixel before the end of the image.",
         ("bottom, right = height - size, width - size", "bottom, right = max(height - size - 1, 0), max(width - size - 1, 0)")),
    edit(TEN, "resized", "every crop is the whole image made smaller; it should be cut out of the image.",
         ("image[top : top + size, left : left + size]", "image[np.arange(size) * height // size][:, np.arange(size) * width // size]")),
    edit(TEN, "five_crops_alone", "the five crops are returned without their mirror images.", (JOINED, "crops"), loses=ALL),
    edit(TEN, "mirror_images_on_an_axis_of_their_own", "crops and mirror images are stacked along a new axis: (2, 5, size, size, C).",
         (JOINED, "np.stack([crops, mirrored])"), loses=ALL),
    edit(TEN, "in_double_precision", "the crops are float64, though the image is float32.",
         (JOINED, "np.concatenate([crops, mirrored]).astype(np.float64)"),
         loses={DTYPE}),
    edit(TEN, "one_channel_dropped", "for an image of one channel, the axis of the channels is dropped.",
         (JOINED, "np.concatenate([crops, mirrored]).squeeze()"),
         loses={SHAPE}),
    edit(TEN, "mirrored_in_place", "the image itself is mirrored in place.",
         (MIRRORED, "crops[:, :, ::-1]\n    image[:] = image[:, ::-1].copy()"), loses={PURITY}),
)  # fmt: skip

PLACE, FLOOR = "position = (np.arange(new) + 0.5) * old / new - 0.5", "floor = np.floor(position).astype(int)"
LOWER, UPPER = "lower = np.maximum(floor, 0)", "upper = np.minimum(floor + 1, old - 1)"
WEIGHT = "weight = (position - floor).astype(image.dtype)"
NEW, SHORTER = "new = round(old * side / shorter)", "shorter = min(image.shape[:2])"
BLEND = "out = (1 - weight) * np.take(out, lower, axis) + weight * np.take(out, upper, axis)"


def placed(name: str, explanation: str, *instead: tuple[str, str], loses: set[Kind] | None = None) -> Mistake:
    """Declare another rule of resizing."""
    return edit(RESIZE, name, explanation, *instead, loses=loses)


resize = (
    placed("corners_aligned", "the centres of the corner pixels are aligned (align_corners); the edges of the images should be.",
           (PLACE, "position = np.linspace(0, old - 1, new)")),
    placed("no_half_pixels", "new pixel i lies at i n / m, without the halves of the pixel centres.",
           (PLACE, "position = np.arange(new) * old / new")),
    placed("half_added_only", "half a pixel is added but not subtracted again.", (PLACE, "position = (np.arange(new) + 0.5) * old / new")),
    placed("nearest_pixel", "the nearest pixel is used, without interpolation.",
           (WEIGHT, "weight = (position - floor >= 0.5).astype(image.dtype)")),
    placed("pixel_below", "the pixel just before the place is used, without interpolation.",
           (WEIGHT, "weight = np.zeros(new, image.dtype)")),
    placed("weights_exchanged", "the two weights are swapped: the nearer pixel counts less.",
           (WEIGHT, "weight = (1 - (position - floor)).astype(image.dtype)")),
    placed("one_ratio_for_both_axes", "both axes use the ratio of the shorter side; the longer one, which is rounded, should use its own.",
           (PLACE, "position = (np.arange(new) + 0.5) * shorter / side - 0.5")),
    placed("ratio_inverted", "the places are scaled by m / n, not by n / m.",
           (PLACE, "position = np.minimum((np.arange(new) + 0.5) * new / old - 0.5, old - 1)")),
    placed("longer_side", "the longer side becomes `side`, not the shorter one.", (SHORTER, "shorter = max(image.shape[:2])"), loses=ALL),
    placed("always_the_height", "the height becomes `side`, whichever side is shorter.", (SHORTER, "shorter = image.shape[0]"), loses=ALL),
    placed("always_the_width", "the width becomes `side`, whichever side is shorter.", (SHORTER, "shorter = image.shape[1]"), loses=ALL),
    placed("square", "both sides become `side`: the proportions are lost.", (NEW, "new = side"), loses=ALL),
    placed("rounded_down", "the length of the longer side is rounded down, not to the nearest whole number.",
           (NEW, "new = old * side // shorter"), loses={VALUE, SHAPE}),
    placed("rounded_up", "the length of the longer side is rounded up, not to the nearest whole number.",
           (NEW, "new = -(-old * side // shorter)"), loses={VALUE, SHAPE}),
    placed("wrapped_around", "beyond the first and last centre, the image continues at its other end.",
           (LOWER, "lower = floor % old"), (UPPER, "upper = (floor + 1) % old")),
    placed("continued",
           "beyond the first and last centre, the line through the two outermost pixels is continued; the last pixel should be repeated.",
           (FLOOR, "floor = np.clip(np.floor(position).astype(int), 0, max(old - 2, 0))")),
    placed("truncated_towards_zero",
           "places are cut off towards 0, as by int() or astype(int), and those below 0 come out wrong; use np.floor.",
           (FLOOR, "floor = position.astype(int)")),
    placed("half_subtracted_only", "half a pixel is subtracted at the end, but not added at the start: the place is (i + 1/2) n / m - 1/2.",
           (PLACE, "position = np.arange(new) * old / new - 0.5")),
    placed("brackets_missing", "brackets are missing: i + 1/2 * n / m - 1/2 is computed; it should be (i + 1/2) * n / m - 1/2.",
           (PLACE, "position = np.minimum(np.arange(new) + 0.5 * old / new - 0.5, old - 1)")),
    placed("zeros_outside", "beyond the first and last centre, pixels count as 0; the outermost pixel should be repeated.",
           (BLEND, "below, above = ((floor >= 0).reshape(weight.shape), (floor + 1 < old).reshape(weight.shape))\n"
                   "        out = (1 - weight) * below * np.take(out, lower, axis) + weight * above * np.take(out, upper, axis)")),
    placed("smoothed", "the image is smoothed before it is made smaller.",
           (BLEND, "hats = np.maximum(0, 1 - np.abs(position[:, None] - np.arange(old)) / max(old / new, 1)).astype(image.dtype)\n"
                   "        out = np.moveaxis(np.tensordot(hats / hats.sum(1, keepdims=True), out, (1, axis)), 0, axis)")),
    placed("rows_alone", "only the rows are interpolated; of the columns, the nearest one is used.",
           (WEIGHT, "weight = (position - floor if axis == 0 else position - floor >= 0.5).astype(image.dtype)")),
    placed("transposed", "rows and columns are swapped in the result.", ("return out", "return out.transpose(1, 0, 2)"), loses=ALL),
    placed("in_double_precision", "the image is float64, though it was float32.", (WEIGHT, "weight = position - floor"), loses={DTYPE}),
    placed("one_channel_dropped", "for an image of one channel, the axis of the channels is dropped.",
           ("return out", "return out.squeeze()"), loses={SHAPE}),
    placed("rounded_pixels", "the values are rounded to whole numbers.", ("return out", "return np.round(out)"), loses=ALL),
    placed("scaled_in_place", "the image itself is overwritten.", ("return out", "image[0] = out[0, 0]\n    return out"), loses={PURITY}),
)  # fmt: skip
