"""Known mistakes of dropout, the commonest of real work first."""

from __future__ import annotations

from grader.checks import Kind, edit

FORWARD = (
    edit(
        "dropout_forward",
        "p_taken_for_the_share_dropped",
        "p is taken for the probability of dropping a unit; here it is the probability of keeping one.",
        ("np.random.rand(*x.shape) < p", "np.random.rand(*x.shape) > p"),
        ("mask = keep.astype(x.dtype) / p", "mask = keep.astype(x.dtype) / (1 - p) if p < 1 else keep.astype(x.dtype)"),
        loses={Kind.VALUE, Kind.STATISTICS},
    ),
)
