"""A body on its way into the object store: counted, hashed, looked at, and only then stored."""

import asyncio
from collections.abc import AsyncIterator
from hashlib import sha256
from tempfile import TemporaryFile
from typing import IO, NamedTuple

from starlette.requests import ClientDisconnect, Request

from contracts.outcome import Refusal
from contracts.uploads import MOST_BYTES, MediaType
from gateway.media import ALLOWED, media_type_of
from kit.files import FilesAway

_SLOWEST_S = 120.0


class Received(NamedTuple):
    """A file that has come in whole; it has no name on the disk and ends when it is closed."""

    file: IO[bytes]
    size: int
    sha256: str
    media_type: MediaType


async def receive(request: Request, declared: str) -> Received:
    """Take the body; refuses what is too large or of a kind that is not kept.

    Raises :class:`FilesAway` where there is no room for it.

    It goes into a file without a name, so that nothing is left of a caller who hangs up half-way or
    of a process that dies.
    """
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > MOST_BYTES:
        raise Refusal("body_too_large", limit_bytes=MOST_BYTES)
    try:
        file = TemporaryFile()  # noqa: SIM115  # handed on, or closed below
    except OSError as error:
        raise FilesAway(error.strerror) from error
    try:
        async with asyncio.timeout(_SLOWEST_S):
            size, digest = await _write(request.stream(), file)
        media_type = await asyncio.to_thread(_allowed, file, declared)
    except (TimeoutError, ClientDisconnect) as error:
        file.close()
        raise Refusal("malformed") from error
    except OSError as error:
        file.close()
        raise FilesAway(error.strerror) from error
    except BaseException:
        file.close()
        raise
    return Received(file, size, digest, media_type)


def _allowed(file: IO[bytes], declared: str) -> MediaType:
    media_type = media_type_of(file, declared)
    if media_type is None:
        raise Refusal("unsupported_media_type", allowed=", ".join(ALLOWED))
    return media_type


async def _write(body: AsyncIterator[bytes], file: IO[bytes]) -> tuple[int, str]:
    size, digest = 0, sha256()
    async for piece in body:
        size += len(piece)
        if size > MOST_BYTES:
            raise Refusal("body_too_large", limit_bytes=MOST_BYTES)
        digest.update(piece)
        file.write(piece)
    if not size:
        raise Refusal.invalid("", "the file is empty")
    file.flush()
    return size, digest.hexdigest()
