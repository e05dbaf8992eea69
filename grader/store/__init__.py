"""The store of a class: students, submissions, outcomes, overrides, marks and what happened to them, in SQLite or PostgreSQL."""

from grader.store.errors import RecordDiffers, StoreAway, StoreError, StoreFull

try:
    from grader.store.store import Store
except ModuleNotFoundError as missing:
    if missing.name != "sqlalchemy":
        raise
    raise StoreError("a store needs SQLAlchemy, which is not installed", remedy="pip install 'layerwise[batch]'") from missing

__all__ = ["RecordDiffers", "Store", "StoreAway", "StoreError", "StoreFull"]
