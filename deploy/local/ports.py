"""Free ports on the loopback address, kept from one start to the next while they stay free."""

import contextlib
import random
import socket
from collections.abc import Iterable, Mapping

_LOW, _HIGH = 20_000, 32_000  # below the range from which outgoing connections take theirs


def is_free(port: int) -> bool:
    """Whether a server could listen there now."""
    with contextlib.closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def answers(port: int) -> bool:
    """Whether a server accepts connections there."""
    with contextlib.closing(socket.socket()) as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def choose(names: Iterable[str], before: Mapping[str, int]) -> dict[str, int]:
    """A free port for each name: the one it had before, where that is free."""
    chosen: dict[str, int] = {}
    for name in names:
        port = before.get(name, 0)
        if port not in range(_LOW, _HIGH) or port in chosen.values() or not is_free(port):
            port = _unused(set(chosen.values()) | set(before.values()))
        chosen[name] = port
    return chosen


def _unused(taken: set[int]) -> int:
    for _ in range(500):
        port = random.SystemRandom().randrange(_LOW, _HIGH)
        if port not in taken and is_free(port):
            return port
    raise OSError(f"no free port between {_LOW} and {_HIGH} on 127.0.0.1")
