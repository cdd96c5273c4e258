"""Who waits for the disk, and for which flush."""

import threading
from pathlib import Path

from deploy.local.embedded.journal import LogFiles, SharedFlush

_PATIENCE_S = 5.0


class _Disk:
    """Flushes that end when the test lets them."""

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.may_end = threading.Semaphore(0)
        self.flushes = 0

    def flush(self) -> None:
        self.flushes += 1
        self.begun.release()
        assert self.may_end.acquire(timeout=_PATIENCE_S)


def _waiting(shared: SharedFlush) -> threading.Thread:
    thread = threading.Thread(target=shared.wait, daemon=True)
    thread.start()
    return thread


def test_one_who_comes_during_a_flush_waits_for_the_next():
    disk = _Disk()
    shared = SharedFlush(disk.flush)
    first = _waiting(shared)
    assert disk.begun.acquire(timeout=_PATIENCE_S)
    second = _waiting(shared)

    disk.may_end.release()
    first.join(_PATIENCE_S)
    assert disk.begun.acquire(timeout=_PATIENCE_S)

    assert second.is_alive()
    disk.may_end.release()
    second.join(_PATIENCE_S)
    assert not first.is_alive()
    assert not second.is_alive()


def test_all_who_come_during_a_flush_share_the_next():
    disk = _Disk()
    shared = SharedFlush(disk.flush)
    first = _waiting(shared)
    assert disk.begun.acquire(timeout=_PATIENCE_S)
    crowd = [_waiting(shared) for _ in range(20)]
    while shared.waiting < len(crowd):
        pass

    disk.may_end.release(2)
    for thread in (first, *crowd):
        thread.join(_PATIENCE_S)

    assert disk.flushes == 2


def test_every_new_log_file_is_synced_once_and_the_last_one_always(tmp_path: Path, monkeypatch):
    synced: list[str] = []
    monkeypatch.setattr("os.fdatasync", lambda file: synced.append(_name_of(file)))
    files = LogFiles(tmp_path)
    for name in ("WiredTigerLog.0000000002", "WiredTigerLog.0000000001", "WiredTiger.wt"):
        (tmp_path / name).touch()

    files.sync()
    files.sync()
    (tmp_path / "WiredTigerLog.0000000003").touch()
    files.sync()
    (tmp_path / "WiredTigerLog.0000000002").unlink()
    files.sync()
    files.close()

    assert [int(name[-1]) for name in synced] == [1, 2, 2, 2, 3, 3]


def _name_of(file: int) -> str:
    return Path(f"/proc/self/fd/{file}").readlink().name
