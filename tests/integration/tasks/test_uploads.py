"""Files that are sent ahead: kept whole, read by who may, gone when nothing names them."""

import hashlib
from datetime import timedelta

import pytest

from contracts.uploads import MOST_BYTES
from kit.clock import now
from kit.files import Files
from kit.ids import new_id
from services.tasks.uploads import model
from services.tasks.uploads.store import Uploads

PDF = b"%PDF-1.7\n" + b"surat tugas " * 40_000


class HungUp(Exception):
    """What a broken connection looks like from inside."""


@pytest.fixture
def send(ask):
    """Send a file as somebody: the answer."""

    async def send(content=PDF, kind="application/pdf", *, by="ani", name="surat.pdf", key=None):
        headers = {"Content-Type": kind} | ({"Idempotency-Key": key} if key else {})
        path = "/uploads"
        return await ask("POST", path, by, params={"name": name}, content=content, headers=headers)

    return send


@pytest.fixture(scope="module")
def files(settings):
    return Files(settings)


async def kept(files):
    return await files.stored_on(now())


async def test_a_file_is_kept_whole_and_read_again_by_its_sender_alone(send, ask, heard):
    sent = await send(name="Surat tugas – Ani.pdf")

    assert sent.status_code == 201, sent.text
    told = sent.json()
    assert told["sha256"] == hashlib.sha256(PDF).hexdigest()
    assert (told["size"], told["media_type"]) == (len(PDF), "application/pdf")
    assert sent.headers["location"] == f"/v1/uploads/{told['id']}"
    read = await ask("GET", f"/uploads/{told['id']}/content", "ani")
    assert read.content == PDF
    assert read.headers["content-disposition"].startswith("attachment; filename*=UTF-8''Surat%20")
    assert read.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in read.headers["content-security-policy"]
    for other in ("budi", "kepala.helper", "admin", "auditor"):
        assert (await ask("GET", f"/uploads/{told['id']}", other)).status_code == 404
        assert (await ask("GET", f"/uploads/{told['id']}/content", other)).status_code == 404
    (event,) = await heard(told["id"], 1)
    assert event["type"] == "tasks.upload.registered.v1"
    assert "Surat" not in str(event)


async def test_a_repeated_key_is_one_file_and_another_body_is_refused(send, files):
    key, before = new_id(), await kept(files)

    first, again = await send(key=key), await send(key=key)
    other = await send(PDF + b"!", key=key)

    assert first.json() == again.json()
    assert set(await kept(files)) - set(before) == {first.json()["id"]}
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("content", "kind", "refused"),
    [
        (b"x" * (MOST_BYTES + 1), "text/plain", (413, "body_too_large")),
        (b"<html></html>", "text/html", (415, "unsupported_media_type")),
        (b"MZ program", "application/pdf", (415, "unsupported_media_type")),
        (b"", "text/plain", (422, "validation_failed")),
    ],
    ids=["too large", "of a kind that is not kept", "not what it says", "empty"],
)
async def test_what_is_not_kept_leaves_nothing(send, files, content, kind, refused):
    before = await kept(files)

    answer = await send(content, kind)

    assert (answer.status_code, answer.json()["code"]) == refused
    assert await kept(files) == before


async def test_a_body_without_a_length_is_counted_as_it_comes(send, files):
    before = await kept(files)

    async def endless():
        for _ in range(200):
            yield b"a" * 256 * 1024

    answer = await send(endless(), "text/plain")

    assert answer.status_code == 413
    assert await kept(files) == before


async def test_a_caller_who_hangs_up_half_way_leaves_nothing(send, files):
    before = await kept(files)

    async def broken():
        yield PDF
        raise HungUp

    answer = await send(broken())

    assert answer.is_error
    assert await kept(files) == before


async def test_who_is_nobody_sends_nothing(send):
    assert (await send(by="admin")).status_code == 403


@pytest.mark.parametrize("name", ["../etc/passwd", "a\nb.pdf", "", "x" * 201])
async def test_a_name_is_a_bare_file_name(send, name):
    answer = await send(name=name)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/query/name"


async def test_what_nothing_names_within_a_day_is_gone(send, ask, store, files, settings):
    told = (await send()).json()
    uploads = Uploads(store, Files(settings))
    stored = await uploads.get(told["id"])

    await uploads.expire(stored, now() + timedelta(hours=23))
    assert (await uploads.get(told["id"])).state.state == "waiting"
    stored = await uploads.get(told["id"])
    await uploads.expire(stored, now() + timedelta(hours=25))
    for expired in await uploads.to_delete(100):
        await uploads.delete_bytes(expired)

    assert told["id"] not in await kept(files)
    assert (await ask("GET", f"/uploads/{told['id']}/content", "ani")).status_code == 404


async def test_who_sends_on_without_naming_anything_is_stopped(ask, files, monkeypatch):
    monkeypatch.setattr(model, "MOST_WAITING", 1)
    sent = {
        "params": {"name": "catatan.txt"},
        "content": b"rapat",
        "headers": {"Content-Type": "text/plain"},
        "grants": (("employee", "ASKER"),),
    }
    first = await ask("POST", "/uploads", "dewi", **sent)
    before = await kept(files)

    second = await ask("POST", "/uploads", "dewi", **sent)

    assert first.status_code == 201
    assert (second.status_code, second.json()["code"]) == (422, "quota_exceeded")
    assert await kept(files) == before
