"""Journaled writes wait for the disk without holding up everybody else.

The storage engine's binding keeps Python's interpreter lock while it waits for the disk: each
journaled write stopped the whole server for 0.8 to 10 ms. Here a commit only hands its record to
the operating system, and before its command is answered the engine's log files are synced by
Python, which lets others work meanwhile. Commands that wait at the same time share one sync.

What is promised does not change: an answer to a journaled write comes after the write, and
everything committed before it, is on the disk.
"""

import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

_LOG_FILE = "WiredTigerLog."
_log = logging.getLogger(__name__)


class LogFiles:
    """The engine's log: files with ascending names, of which the last one grows."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._directory = os.open(home, os.O_RDONLY)
        self._newest = ""
        self._open: list[int] = []

    def sync(self) -> None:
        """Bring everything written so far to the disk, with the names of new files."""
        names = (file.name for file in self._home.iterdir())
        new = sorted(name for name in names if name.startswith(_LOG_FILE) and name > self._newest)
        for name in new:
            self._open.append(os.open(self._home / name, os.O_RDWR))
            self._newest = name
        for file in self._open:
            os.fdatasync(file)
        if new:
            os.fsync(self._directory)
        while len(self._open) > 1:
            os.close(self._open.pop(0))

    def close(self) -> None:
        """Let the files go."""
        for file in (self._directory, *self._open):
            os.close(file)


class SharedFlush:
    """One flush at a time; whoever asks while one is under way takes part in the next."""

    def __init__(self, flush: Callable[[], None]) -> None:
        self._flush = flush
        self._turn = threading.Condition()
        self._begun = 0
        self._done = 0
        self.waiting = 0

    def wait(self) -> None:
        """Return when a flush that began after this call has ended."""
        with self._turn:
            wanted = self._begun + 1
            while self._done < wanted:
                if self._begun > self._done:
                    self.waiting += 1
                    self._turn.wait()
                    self.waiting -= 1
                    continue
                self._begun += 1
                number = self._begun
                self._turn.release()
                try:
                    self._flush()
                finally:
                    self._turn.acquire()
                    self._done = number
                    self._turn.notify_all()


class Journal:
    """What makes the writes of one store durable."""

    def __init__(self, storage: Any) -> None:
        self._session = storage._conn.open_session()  # noqa: SLF001
        storage._all_sessions.append(self._session)  # noqa: SLF001  # closed with the store
        self._files = LogFiles(Path(storage.home_path))
        self.shared = SharedFlush(self._flush)

    def _flush(self) -> None:
        flushed = False
        try:
            self._session.log_flush("sync=off")  # to the operating system
            self._files.sync()
            flushed = True
        finally:
            if not flushed:  # what is on the disk now is unknown, and asking again proves nothing
                _log.critical("the journal cannot be written; ending", exc_info=True)
                os._exit(70)


class _Due(threading.local):
    """Whether this thread's command has committed something that must be durable."""

    now = False


def install() -> None:
    """Let journaled commits be made durable before their command is answered."""
    from secantus import server, storage

    due = _Due()
    journals: dict[int, Journal] = {}
    opening = threading.Lock()
    commit, dispatch = storage._commit_batch_transaction, server.dispatch  # noqa: SLF001

    def commit_batch(session: Any, sync: bool) -> None:
        commit(session, False)
        due.now = due.now or sync

    def journal_of(store: Any) -> Journal:
        with opening:
            found = journals.get(id(store))
            if found is None:
                found = journals[id(store)] = Journal(store)
            return found

    def dispatch_durably(doc: dict[str, Any], ctx: Any) -> Any:
        due.now = False
        try:
            return dispatch(doc, ctx)
        finally:
            if due.now:
                journal_of(ctx.storage).shared.wait()

    storage._commit_batch_transaction = commit_batch  # noqa: SLF001
    server.dispatch = dispatch_durably
