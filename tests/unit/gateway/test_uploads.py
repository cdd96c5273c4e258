"""A file on its way through the gateway: kept when its registration may stand, else forgotten."""

import json
from datetime import datetime

import pytest

from contracts.envelope import Answer, Verdict
from contracts.uploads import UploadView
from gateway.settings import Settings
from kit.clock import now
from kit.files import Files
from kit.messaging.client import Unavailable
from tests.unit.gateway.conftest import KEY

PDF = b"%PDF-1.7 surat"
SENT = {"params": {"name": "surat.pdf"}, "headers": {"Content-Type": "application/pdf"}}


@pytest.fixture
def settings(tmp_path):
    return Settings.model_validate(
        {
            "rabbitmq_url": "amqp://nowhere",
            "signing_key": KEY,
            "files_url": (tmp_path / "files").as_uri(),
        }
    )


@pytest.fixture
def kept(settings):
    """The ids that the store has."""

    async def kept() -> list[str]:
        return await Files(settings).stored_on(now())

    return kept


@pytest.fixture
def registers(courier, monkeypatch):
    """Every registration is carried out as the task service does it: its result has its id."""

    async def command(command, patience_s):
        courier.commands.append(command)
        result = json.dumps({"id": command.body.upload})
        return Verdict(command=command.id, status=201, result=result)

    monkeypatch.setattr(courier, "command", command)


async def test_a_registered_file_is_kept(client, courier, registers, kept):
    answer = await client.post("/v1/uploads", content=PDF, **SENT)

    (command,) = courier.commands
    assert answer.status_code == 201
    assert await kept() == [answer.json()["id"]] == [command.body.upload]
    assert (command.body.file_name, command.body.size) == ("surat.pdf", len(PDF))


async def test_a_refused_or_repeated_one_is_forgotten_at_once(client, courier, kept):
    courier.refuses("quota_exceeded")
    refused = await client.post("/v1/uploads", content=PDF, **SENT)
    courier.accepts('{"id":"the one before"}')
    repeated = await client.post("/v1/uploads", content=PDF, **SENT)

    assert (refused.status_code, repeated.status_code) == (422, 201)
    assert await kept() == []


@pytest.mark.parametrize(
    ("verdict", "status"), [(None, 202), (Unavailable("away"), 503)], ids=["pending", "away"]
)
async def test_what_may_still_be_registered_is_kept(client, courier, kept, verdict, status):
    courier.verdict = verdict

    answer = await client.post("/v1/uploads", content=PDF, **SENT)

    assert answer.status_code == status
    assert len(await kept()) == 1


async def test_the_body_of_a_repeated_key_is_what_was_sent(client, courier, registers):
    for content in (PDF, PDF, PDF + b"!"):
        await client.post("/v1/uploads", content=content, **SENT)

    first, same, other = (command.body_hash for command in courier.commands)
    assert first == same != other


async def test_a_file_is_a_download_and_a_lost_one_is_not_found(client, courier, registers, kept):
    id_ = (await client.post("/v1/uploads", content=PDF, **SENT)).json()["id"]
    view = UploadView(
        id=id_,
        name='surat "baru".pdf',
        media_type="application/pdf",
        size=len(PDF),
        sha256="0" * 64,
        uploaded_at=datetime.fromisoformat("2026-11-24T01:20:00+00:00"),
    )
    courier.answer = Answer(result=view.model_dump_json())

    read = await client.get(f"/v1/uploads/{id_}/content")

    assert read.content == PDF
    assert read.headers["content-disposition"] == (
        "attachment; filename*=UTF-8''surat%20%22baru%22.pdf"
    )
    gone = view.model_copy(update={"id": "0198f6a2-0000-7000-8000-00000000dead"})
    courier.answer = Answer(result=gone.model_dump_json())
    assert (await client.get(f"/v1/uploads/{id_}/content")).status_code == 404


async def test_a_store_that_takes_nothing_is_said_to_be_away(client, courier, settings, tmp_path):
    (tmp_path / "files").write_text("a file where the directory should be")

    answer = await client.post("/v1/uploads", content=PDF, **SENT)

    assert (answer.status_code, answer.json()["code"]) == (503, "service_unavailable")
    assert courier.commands == []
