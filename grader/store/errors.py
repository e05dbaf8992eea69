"""What can go wrong with a store, each in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from grader.errors import ExitCode, LayerwiseError


class StoreError(LayerwiseError):
    """The store cannot be opened, read or written. What it held before is still there."""

    exit_code = ExitCode.STORE_UNUSABLE


class StoreAway(StoreError):  # noqa: N818 - it is named after what it says, as a StoreError
    """The store cannot be reached for the moment, or somebody keeps it locked. What was asked of it may be asked again."""


class StoreFull(StoreError):  # noqa: N818 - as above
    """There is no room left for what was to be kept. What can be read can be read."""


class RecordDiffers(StoreError):  # noqa: N818 - it is named after what it says, as a StoreError
    """A result came out differently than the one that is stored under the same key; the stored one stays.

    ``keys`` are those of the results.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        one = len(keys) == 1
        super().__init__(
            f"{'a result' if one else f'{len(keys)} results'} came out differently than before (the first is {keys[0]}); "
            f"the stored one{' is' if one else 's are'} kept",
            remedy="The submission may draw random numbers or use the time; the events of the store have both results.",
        )
        self.keys = tuple(keys)
        # As they would have been written.
        self.rows: tuple[dict[str, Any], ...] = ()
