"""Known mistakes of the two ways to see that units have stopped learning."""

from __future__ import annotations

from grader.checks import Kind, edit

SATURATED_FRACTION = (
    edit(
        "saturated_fraction",
        "one_sided_high",
        "only the upper asymptote is looked at.",
        ("return float(np.mean(near_low | near_high))", "return float(np.mean(near_high))"),
        loses={Kind.VALUE, Kind.SHAPE, Kind.PURITY},
    ),
    edit(
        "saturated_fraction",
        "one_sided_low",
        "only the lower asymptote is looked at.",
        ("return float(np.mean(near_low | near_high))", "return float(np.mean(near_low))"),
        loses={Kind.VALUE, Kind.SHAPE, Kind.PURITY},
    ),
    edit(
        "saturated_fraction",
        "asymptotes_of_the_sigmoid",
        "0 is taken for the lower asymptote of tanh too; it is -1.",
        ("low, high = -1.0, 1.0", "low, high = 0.0, 1.0"),
        loses={Kind.VALUE, Kind.SHAPE, Kind.PURITY},
    ),
    edit(
        "saturated_fraction",
        "tolerance_ignored",
        "tol is always 0.01.",
        ("near_low = h - low <= tol", "near_low = h - low <= 0.01"),
        ("near_high = high - h <= tol", "near_high = high - h <= 0.01"),
        loses={Kind.VALUE, Kind.SHAPE, Kind.PURITY},
    ),
    edit(
        "saturated_fraction",
        "count_for_share",
        "the number of outputs is returned, not their share.",
        ("return float(np.mean(near_low | near_high))", "return float(np.sum(near_low | near_high))"),
        loses={Kind.VALUE, Kind.SHAPE, Kind.PURITY},
    ),
    edit(
        "saturated_fraction",
        "share_of_the_others",
        "the share of outputs that are not saturated is returned.",
        ("return float(np.mean(near_low | near_high))", "return 1.0 - float(np.mean(near_low | near_high))"),
        loses={Kind.VALUE, Kind.SHAPE, Kind.PURITY},
    ),
    edit(
        "saturated_fraction",
        "relative_tolerance",
        "tol is taken as a share of the whole range of outputs.",
        ("near_low = h - low <= tol", "near_low = h - low <= tol * (h.max() - h.min()) / 3"),
        ("near_high = high - h <= tol", "near_high = high - h <= tol * (h.max() - h.min()) / 3"),
        loses={Kind.VALUE, Kind.SHAPE, Kind.PURITY},
    ),
    edit(
        "saturated_fraction",
        "array_for_a_number",
        "an array of one number is returned, not a number.",
        ("return float(np.mean(near_low | near_high))", "return np.mean(near_low | near_high, keepdims=True)"),
        loses={Kind.SHAPE},
    ),
    edit(
        "saturated_fraction",
        "argument_overwritten",
        "the work is done in place, on h itself.",
        ("near_low = h - low <= tol", "near_low = h - low <= tol; h *= 0.5; h = h * 2"),
        loses={Kind.PURITY},
    ),
)

DEAD_UNITS = (
    edit(
        "dead_units",
        "any_for_all",
        "a unit is called dead if it is 0 for some example; it must be 0 for every one.",
        ("dead: Bools = np.all(h == 0, axis=0)", "dead = np.any(h == 0, axis=0)"),
        loses={Kind.VALUE, Kind.SHAPE, Kind.PURITY, Kind.DTYPE},
    ),
    edit(
        "dead_units",
        "negative_is_dead",
        "a unit with negative outputs is called dead; only 0 is.",
        ("dead: Bools = np.all(h == 0, axis=0)", "dead = np.all(h <= 0, axis=0)"),
        loses={Kind.VALUE, Kind.SHAPE, Kind.PURITY, Kind.DTYPE},
    ),
    edit(
        "dead_units",
        "examples_for_units",
        "examples are judged, not units: the wrong axis is reduced.",
        ("dead: Bools = np.all(h == 0, axis=0)", "dead = np.all(h == 0, axis=1)"),
        loses={Kind.VALUE, Kind.SHAPE, Kind.PURITY, Kind.DTYPE},
    ),
    edit(
        "dead_units",
        "alive_for_dead",
        "the units that are alive are marked.",
        ("dead: Bools = np.all(h == 0, axis=0)", "dead = ~np.all(h == 0, axis=0)"),
        loses={Kind.VALUE, Kind.SHAPE, Kind.PURITY, Kind.DTYPE},
    ),
    edit(
        "dead_units",
        "sum_of_zero",
        "the outputs of a unit are added up, and those of opposite sign cancel.",
        ("dead: Bools = np.all(h == 0, axis=0)", "dead = np.sum(h, axis=0) == 0"),
        loses={Kind.VALUE, Kind.SHAPE, Kind.PURITY, Kind.DTYPE},
    ),
    edit(
        "dead_units",
        "count_for_units",
        "the dead units are counted, not marked.",
        ("dead: Bools = np.all(h == 0, axis=0)", "dead = np.sum(np.all(h == 0, axis=0))"),
        loses={Kind.VALUE, Kind.SHAPE, Kind.PURITY, Kind.DTYPE},
    ),
    edit(
        "dead_units",
        "numbers_for_booleans",
        "numbers are returned, not booleans.",
        ("dead: Bools = np.all(h == 0, axis=0)", "dead = np.all(h == 0, axis=0).astype(int)"),
        loses={Kind.DTYPE},
    ),
    edit(
        "dead_units",
        "an_axis_too_many",
        "the result has an axis of size 1 that is not asked for.",
        ("dead: Bools = np.all(h == 0, axis=0)", "dead = np.all(h == 0, axis=0, keepdims=True)"),
        loses={Kind.SHAPE},
    ),
    edit(
        "dead_units",
        "argument_overwritten",
        "the work is done in place, on h itself.",
        ("dead: Bools = np.all(h == 0, axis=0)", "dead = np.all(h == 0, axis=0); h += 1"),
        loses={Kind.PURITY},
    ),
)
