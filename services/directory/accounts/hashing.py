"""Password hashes: argon2id, in threads of their own, so that nothing else waits for them."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_THREADS = 2
_MEMORY_KIB = 19 * 1_024
_PASSES = 2


class Hashing:
    """Makes and checks hashes; a check takes as long for an account that does not exist.

    19 MiB and two passes are the least that OWASP recommends: about 20 ms here, and with two
    threads never more than 40 MiB, so that half past seven stays bearable.
    """

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=_PASSES, memory_cost=_MEMORY_KIB, parallelism=1)
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="argon2")
        self._nobody = self._hasher.hash("no account has this password")

    async def make(self, password: str) -> str:
        """The hash of a password."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._hasher.hash, password)

    async def matches(self, hash_: str | None, password: str) -> bool:
        """Whether the password is the one of the hash; never where there is no hash."""
        loop = asyncio.get_running_loop()
        same = await loop.run_in_executor(
            self._threads, self._verify, hash_ or self._nobody, password
        )
        return same and hash_ is not None

    def _verify(self, hash_: str, password: str) -> bool:
        try:
            return self._hasher.verify(hash_, password)
        except (VerificationError, InvalidHashError):
            return False
