"""A statement reads its collection's list of indexes once.

SecantusDB reads and decodes that list four to eight times a statement and three times a document,
which was a quarter of its processor time. A list read within a statement is kept until the
statement's transaction, or the look-up, ends, for its own thread only. The list cannot change
meanwhile but by the statement itself, when it finds the first array in an indexed field, and then
it is read again: writing statements hold the collection's lock, which making and dropping an index
take too. Look-ups plan under the store's lock, which these take as well. Statements of
transactions over several documents read as they always did.
"""

import contextlib
import functools
import threading
from collections.abc import Callable, Iterator
from typing import Any

Index = tuple[str, dict[str, Any], dict[str, Any]]


class _Kept(threading.local):
    """What this thread's statement has read, by database and collection; None outside of one."""

    lists: dict[tuple[str, str], list[Index]] | None = None


def install() -> None:
    """Keep lists of indexes for the length of a statement."""
    from secantus.storage import Storage

    kept = _Kept()
    read, mark = Storage._iter_indexes, Storage._maybe_mark_multikey  # noqa: SLF001
    transaction = Storage._batch_transaction  # noqa: SLF001

    def iterate(self: Any, db: str, coll: str) -> list[Index]:
        if kept.lists is None:
            return list(read(self, db, coll))
        found = kept.lists.get((db, coll))
        if found is None:
            found = kept.lists[db, coll] = list(read(self, db, coll))
        return found

    @functools.wraps(mark)
    def mark_multikey(self: Any, *arguments: Any) -> set[str]:
        before = len(arguments[-1])  # the names of the indexes that are known to hold arrays
        grown: set[str] = mark(self, *arguments)
        if len(grown) != before and kept.lists is not None:
            kept.lists.clear()
        return grown

    @contextlib.contextmanager
    def batch(self: Any, *, sync: bool = False) -> Iterator[Any]:
        with transaction(self, sync=sync) as session, _statement(self, kept):
            yield session

    def looking_up(method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        def look_up(self: Any, *args: Any, **kwargs: Any) -> Any:
            with _statement(self, kept):
                return method(self, *args, **kwargs)

        return look_up

    Storage._iter_indexes = iterate  # noqa: SLF001
    Storage._maybe_mark_multikey = mark_multikey  # noqa: SLF001
    Storage._batch_transaction = batch  # noqa: SLF001
    Storage.find_matching = looking_up(Storage.find_matching)
    Storage.count_matching = looking_up(Storage.count_matching)


@contextlib.contextmanager
def _statement(storage: Any, kept: _Kept) -> Iterator[None]:
    if kept.lists is not None or getattr(storage._tls, "user_txn", None) is not None:  # noqa: SLF001
        yield
        return
    kept.lists = {}
    try:
        yield
    finally:
        kept.lists = None
