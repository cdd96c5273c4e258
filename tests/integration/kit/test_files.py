"""Object stores: a directory, and a server that speaks S3; whole objects or none."""

import io
import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from moto.server import ThreadedMotoServer

from kit.files import Files, FilesAway, FilesSettings, path_of
from kit.ids import made_at, new_id

LARGE = os.urandom(11 * 1024 * 1024)


def a_directory(path):
    return Files(FilesSettings(SAMBATAN_FILES_URL=path.as_uri()))


def a_bucket(endpoint):
    return Files(
        FilesSettings(
            SAMBATAN_FILES_URL="s3://sambatan/berkas",
            SAMBATAN_FILES_S3_ENDPOINT=endpoint,
            SAMBATAN_FILES_S3_ACCESS_KEY="kunci",
            SAMBATAN_FILES_S3_SECRET_KEY="rahasia",
        )
    )


@pytest.fixture(scope="module")
def s3():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    import boto3  # moto brings it, for the tests only

    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id="kunci",
        aws_secret_access_key="rahasia",
        region_name="us-east-1",
    )
    client.create_bucket(Bucket="sambatan")
    yield endpoint
    server.stop()


@pytest.fixture(params=["directory", "s3"])
def files(request, tmp_path):
    if request.param == "directory":
        return a_directory(tmp_path / "files")
    return a_bucket(request.getfixturevalue("s3"))


async def content(files, id_):
    stream = await files.read(id_)
    return None if stream is None else b"".join([piece async for piece in stream])


@pytest.mark.parametrize("bytes_", [b"surat", LARGE], ids=["small", "in parts"])
async def test_what_was_put_is_read_again_until_it_is_deleted(files, bytes_):
    id_ = new_id()

    await files.put(id_, io.BytesIO(bytes_))

    assert await content(files, id_) == bytes_
    assert id_ in await files.stored_on(made_at(id_))
    await files.delete(id_)
    await files.delete(id_)
    assert await content(files, id_) is None
    assert id_ not in await files.stored_on(made_at(id_))


async def test_a_day_without_objects_is_empty(files):
    assert await files.stored_on(datetime(2020, 1, 1, tzinfo=UTC)) == []


async def test_a_store_that_is_away_says_so():
    nowhere = a_bucket("http://127.0.0.1:9")

    with pytest.raises(FilesAway):
        await nowhere.put(new_id(), io.BytesIO(b"x"))
    with pytest.raises(FilesAway):
        await nowhere.read(new_id())


_FULL = """
import asyncio, io, os, resource, sys
from pathlib import Path
from kit.files import Files, FilesAway, FilesSettings
from kit.ids import new_id

files = Files(FilesSettings(SAMBATAN_FILES_URL=Path(sys.argv[1]).as_uri()))
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
try:
    asyncio.run(files.put(new_id(), io.BytesIO(b"x" * 12_000_000)))
except FilesAway:
    print("away", flush=True)
os._exit(0)  # the library's threads need not outlive the interpreter here
"""


def test_a_disk_that_takes_no_more_leaves_nothing_half_written(tmp_path):
    """The limit on a file's size stands for the full disk: the write fails in the middle."""
    command = (sys.executable, "-c", _FULL, str(tmp_path))
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout.split()) == (0, ["away"]), done.stderr
    assert [found for found in tmp_path.rglob("*") if found.is_file()] == []


def test_an_object_lies_under_the_day_it_was_made():
    assert path_of("0198f6a2-3c5e-7b6a-9d1f-2f6f0c1b7a21").startswith("2025/08/29/0198f6a2")


@pytest.mark.parametrize("id_", ["../../etc/passwd", "", "x"])
def test_only_ids_of_ours_have_a_place(id_):
    with pytest.raises(ValueError, match="badly formed"):
        path_of(id_)
