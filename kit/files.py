"""Files in an object store: a local directory, or any store that speaks S3.

Promised: an object is there whole and durable when :meth:`Files.put` returns, or not at all; it is
never changed. Not promised: that somebody refers to it; sweeping what nobody names is the owner's.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit
from urllib.request import url2pathname
from uuid import UUID

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings

from kit.errors import Transient
from kit.ids import made_at

_PIECE = 256 * 1024


class FilesAway(Transient):
    """The object store does not take or give a file now: away, full, or without the right."""


class FilesSettings(BaseSettings):
    """Where files are kept: a ``file://`` directory, or ``s3://bucket/prefix``."""

    files_url: str = Field(
        "file:.sambatan/files", validation_alias="SAMBATAN_FILES_URL", pattern=r"^(file|s3):"
    )
    files_s3_endpoint: str | None = Field(None, validation_alias="SAMBATAN_FILES_S3_ENDPOINT")
    files_s3_region: str = Field("us-east-1", validation_alias="SAMBATAN_FILES_S3_REGION")
    files_s3_access_key: SecretStr | None = Field(
        None, validation_alias="SAMBATAN_FILES_S3_ACCESS_KEY"
    )
    files_s3_secret_key: SecretStr | None = Field(
        None, validation_alias="SAMBATAN_FILES_S3_SECRET_KEY"
    )


class Files:
    """The objects of one store, by the time-ordered ids that :func:`kit.ids.new_id` makes."""

    def __init__(self, settings: FilesSettings) -> None:
        address = urlsplit(settings.files_url)
        self._directory: Path | None = None
        self._store: LocalStore | S3Store | None = None
        self._settings = settings
        if address.scheme == "file":
            self._directory = Path(url2pathname(address.path)).absolute()

    async def put(self, id_: str, file: IO[bytes]) -> None:
        """Store a whole file; raises :class:`FilesAway`, and then nothing of it is kept."""
        path = path_of(id_)
        try:
            store = self._opened()
            file.seek(0)
            await obstore.put_async(store, path, file)
            if self._directory is not None:
                await asyncio.to_thread(_sync, self._directory / path)
        except (BaseError, OSError) as error:
            raise FilesAway(type(error).__name__) from error

    async def read(self, id_: str) -> AsyncIterator[bytes] | None:
        """The bytes piece by piece, or None where there is no such object."""
        try:
            found = await obstore.get_async(self._opened(), path_of(id_))
        except FileNotFoundError:
            return None
        except (BaseError, OSError) as error:
            raise FilesAway(type(error).__name__) from error
        stream = found.stream(min_chunk_size=_PIECE)

        async def pieces() -> AsyncIterator[bytes]:
            async for piece in stream:
                yield bytes(piece)

        return pieces()

    async def delete(self, id_: str) -> None:
        """Forget an object; one that is gone already is fine."""
        try:
            await obstore.delete_async(self._opened(), path_of(id_))
        except FileNotFoundError:
            return
        except (BaseError, OSError) as error:
            raise FilesAway(type(error).__name__) from error

    async def stored_on(self, day: datetime) -> list[str]:
        """The ids of the objects that were made on this day (UTC)."""
        found: list[str] = []
        try:
            async for batch in obstore.list(self._opened(), prefix=_folder(day)):
                found += [str(each["path"]).rpartition("/")[2] for each in batch]
        except (BaseError, OSError) as error:
            raise FilesAway(type(error).__name__) from error
        return found

    def _opened(self) -> LocalStore | S3Store:
        if self._store is None:
            self._store = self._open()
        return self._store

    def _open(self) -> LocalStore | S3Store:
        if self._directory is not None:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            return LocalStore(self._directory)
        address, given = urlsplit(self._settings.files_url), self._settings
        key, secret = given.files_s3_access_key, given.files_s3_secret_key
        plain = (given.files_s3_endpoint or "").startswith("http://")
        return S3Store(
            address.netloc,
            prefix=address.path.strip("/") or None,
            endpoint=given.files_s3_endpoint,
            region=given.files_s3_region,
            access_key_id=key.get_secret_value() if key else None,
            secret_access_key=secret.get_secret_value() if secret else None,
            client_options={"allow_http": plain, "timeout": "30s"},
            retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=20)},
        )


def path_of(id_: str) -> str:
    """Where an object lies: by the day its id was made, so that one day can be looked through."""
    return f"{_folder(made_at(id_))}/{UUID(id_)}"


def _folder(day: datetime) -> str:
    return day.strftime("%Y/%m/%d")


def _sync(path: Path) -> None:
    """Make a file and its name durable."""
    for each in (path, path.parent):
        handle = os.open(each, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
