"""Say in numbers how far the student's pictures are from the reference's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grader.experiments.model import Array, ExperimentResult, Kind, Panel, Series, array_of, places_of, rows_of

# Rounding of another order of operations, amplified by a training loop, stays well below this share of the scale.
SAME = 1e-6
NEARLY_CONSTANT = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """How far one series is from the reference's.

    ``share`` is the largest distance as a share of the scale of the panel: the span of all that the reference draws in it. It is where
    ``place`` says, and there are ``yours`` and ``reference``. ``lost`` of ``size`` numbers are NaN or infinite where the reference's are
    finite; ``share`` is of the others, 0 if there are none.
    """

    label: str
    share: float
    place: str
    yours: float
    reference: float
    lost: int
    size: int

    @property
    def is_same(self) -> bool:
        """Whether nobody could see a difference, however large the picture."""
        return self.lost == 0 and self.share <= SAME


def find_gaps(result: ExperimentResult, panel: Panel) -> tuple[Gap, ...]:
    """The gap of every series of a panel that was drawn with the student's functions."""
    scale = _scale(result, panel)
    found = []
    for series in panel.series:
        yours, reference = array_of(result.yours[series.part], series), array_of(result.reference[series.part], series)
        if yours is not None and reference is not None:
            found.append(_gap(result, panel, series, yours, reference, scale))
    return tuple(found)


def tell_panel(result: ExperimentResult, panel: Panel) -> str:
    """One sentence about a panel: that it is the same, or where it is furthest from the reference's."""
    gaps = find_gaps(result, panel)
    absent = len(panel.series) - len(gaps)
    if not gaps:
        return "not drawn"
    rest = f"; {absent} of {len(panel.series)} not drawn" if absent else ""
    different = [gap for gap in gaps if not gap.is_same]
    if not different:
        return f"the same as the reference{rest}"
    worst = max(different, key=lambda gap: (gap.lost, gap.share))
    lost = f"{worst.lost} of {worst.size} numbers of “{worst.label}” are NaN or infinite" if worst.lost else ""
    worst = max(different, key=lambda gap: gap.share)
    off = ""
    if worst.share > SAME:
        off = f"“{worst.label}” is up to {of_the_scale(worst.share)} away, at {worst.place}: {worst.yours:.3g}, not {worst.reference:.3g}"
    return f"{' and '.join(filter(None, (lost, off)))}{rest}"


def of_the_scale(share: float) -> str:
    """A distance for people, with as many digits as one can see."""
    if share >= 100:
        return "more than 100 times the scale"
    if share >= 2:
        return f"{share:.2g} times the scale"
    return f"{100 * share:.0f} % of the scale" if share >= 0.095 else f"{100 * share:.2g} % of the scale"


def _scale(result: ExperimentResult, panel: Panel) -> float:
    arrays = [_shown(np.asarray(result.reference[series.part][series.key], dtype=np.float64), panel) for series in panel.series]
    numbers = np.concatenate([array[np.isfinite(array)] for array in arrays])
    if numbers.size == 0:
        return 1.0
    low, high, size = float(numbers.min()), float(numbers.max()), float(np.abs(numbers).max())
    # The picture of a histogram, or of bars, begins at 0; and of what is nearly constant, the size matters, not the little that varies.
    span = max(high, 0.0) - min(low, 0.0) if panel.kind is not Kind.LINES else high - low
    return (span if span > NEARLY_CONSTANT * size else size) or 1.0


def _shown(array: Array, panel: Panel) -> Array:
    """The numbers as the panel has them: their logarithms on a logarithmic axis, where what is not positive has no place."""
    if not panel.log_y:
        return array
    with np.errstate(all="ignore"):
        return np.where(array > 0, np.log10(np.where(array > 0, array, 1.0)), np.nan)


def _gap(result: ExperimentResult, panel: Panel, series: Series, yours: Array, reference: Array, scale: float) -> Gap:
    lost = np.isfinite(reference) & ~np.isfinite(yours)
    with np.errstate(all="ignore"):
        share = np.abs(_shown(yours, panel) - _shown(reference, panel)) / scale
    # A number that has no place on a logarithmic axis, where the reference's has one, is as far away as can be.
    share = np.where(np.isnan(share), np.where((yours == reference) | ~np.isfinite(reference), 0.0, 1.0), share)
    share = np.where(lost, 0.0, share)
    at = np.unravel_index(int(np.argmax(share)), share.shape)
    return Gap(
        label=series.label,
        share=float(share[at]),
        place=_place(result, panel, series, at),
        yours=float(yours[at]),
        reference=float(reference[at]),
        lost=int(lost.sum()),
        size=int(lost.size),
    )


def _place(result: ExperimentResult, panel: Panel, series: Series, at: tuple[np.intp, ...]) -> str:
    arrays = result.reference[series.part]
    if panel.kind is Kind.HISTOGRAM:
        low, high = places_of(arrays, series)[[at[-1], at[-1] + 1]]
        return f"{panel.rows} {rows_of(arrays, series)[at[0]]:g}, from {low:.3g} to {high:.3g}"
    # Of "learning rate, as a power of ten" the first words are enough.
    return f"{panel.x.partition(',')[0] or 'place'} {places_of(arrays, series)[at[-1]]:.4g}"
