"""A span of textual keys is read from the list of keys, not from the whole collection.

SecantusDB finds single keys by that list, which is in their order, but for a span of ``_id`` it
read and decoded every document. Here a look-up for which it knows no index walks the list from the
lower bound to the upper one. Documents are compared with the whole query afterwards, as always, so
a walk that gives too many changes nothing. Bounds that are no texts are left alone.
"""

import threading
from collections.abc import Iterator, Mapping
from typing import Any

_LOWER, _UPPER = {"$gt", "$gte"}, {"$lt", "$lte"}


class _Looking(threading.local):
    """Whether this thread is within SecantusDB's own look-up, which calls itself for each field."""

    now = False


def install() -> None:
    """Let look-ups use the order of textual keys."""
    from secantus.storage import Storage

    own, looking = Storage._try_index_id_keys, _Looking()  # noqa: SLF001

    def look_up(
        self: Any, db: str, coll: str, query: Mapping[str, Any], *, collation: Any = None
    ) -> list[int] | None:
        if looking.now:
            return own(self, db, coll, query, collation=collation)  # type: ignore[no-any-return]  # untyped
        looking.now = True
        try:
            found: list[int] | None = own(self, db, coll, query, collation=collation)
        finally:
            looking.now = False
        span = _span((query or {}).get("_id")) if found is None and collation is None else None
        if span is None or self._is_timeseries(db, coll):
            return found
        return list(_walk(self, db, coll, *span))

    Storage._try_index_id_keys = look_up  # noqa: SLF001


def _span(clause: Any) -> tuple[bytes, bytes] | None:
    """The first and the last stored key that may match, or None if it is no span of texts."""
    from secantus.sortkey import RANK_STRING, encode_id_key

    if not isinstance(clause, Mapping) or not clause or clause.keys() - _LOWER - _UPPER:
        return None
    if any(type(bound) is not str for bound in clause.values()):
        return None
    lower = [encode_id_key(bound) for kind, bound in clause.items() if kind in _LOWER]
    upper = [encode_id_key(bound) for kind, bound in clause.items() if kind in _UPPER]
    return max(lower, default=bytes([RANK_STRING])), min(upper, default=bytes([RANK_STRING + 1]))


def _walk(storage: Any, db: str, coll: str, first: bytes, last: bytes) -> Iterator[int]:
    from secantus.storage import _NAT_SEQ_TABLE

    cursor = storage._cursor(_NAT_SEQ_TABLE)  # noqa: SLF001
    cursor.set_key(db, coll, first)
    nearest = cursor.search_near()
    more = nearest >= 0 or (nearest == -1 and cursor.next() == 0)
    while more:
        in_db, in_coll, key = cursor.get_key()
        if (in_db, in_coll) != (db, coll) or key > last:
            return
        yield int(cursor.get_value())
        more = cursor.next() == 0
