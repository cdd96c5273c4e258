"""Comments and files of help requests over the real gateway, broker, database and object store."""

import asyncio

from tests.integration.tasks.conftest import wanted

PDF = b"%PDF-1.7\n" + b"daftar peserta " * 100


async def sent(ask, by, name="daftar.pdf"):
    answer = await ask(
        "POST",
        "/uploads",
        by,
        params={"name": name},
        content=PDF,
        headers={"Content-Type": "application/pdf"},
    )
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def test_both_sides_talk_about_a_request(ask, heard, request_help):
    id_ = (await request_help())["id"]

    first = await ask.help(id_, "comments", "kepala.helper", text="Ani, bisa?", mentions=["ani"])
    await ask.help(id_, "comments", "kepala.asker", text="Terima kasih")
    stranger = await ask.help(id_, "comments", "auditor", text="Halo")
    elsewhere = await ask.help(id_, "comments", "kepala.asker", text="Eko?", mentions=["eko"])

    assert (first.status_code, first.json()["comments"]) == (200, 1)
    assert (stranger.status_code, stranger.json()["code"]) == (403, "forbidden")
    assert (elsewhere.status_code, elsewhere.json()["errors"][0]["pointer"]) == (422, "/mentions/0")
    said = (await ask("GET", f"/help-requests/{id_}/comments", "ani")).json()["items"]
    assert [(each["agency"], each["text"]) for each in said] == [
        ("HELPER", "Ani, bisa?"),
        ("ASKER", "Terima kasih"),
    ]
    events = await heard(id_, 3)
    assert events[1]["data"]["mentions"] == ["ani"]
    assert "bisa" not in str(events)


async def test_files_belong_to_the_request_and_are_read_by_whom_it_concerns(ask, request_help):
    ahead = await sent(ask, "dewi")
    made = await request_help(by="dewi", attachments=[ahead])
    later = await sent(ask, "moved", "rencana.pdf")

    twice = await asyncio.gather(
        *(ask.help(made["id"], "attachments", "moved", upload=later) for _ in range(2))
    )
    foreign = await ask.help(made["id"], "attachments", "moved", upload=ahead)
    other = await ask("GET", f"/uploads/{ahead}/content", "kepala.other")
    read = await ask("GET", f"/uploads/{ahead}/content", "moved")
    shown = (await ask("GET", f"/help-requests/{made['id']}", "moved")).json()

    assert [each["name"] for each in made["attachments"]] == ["daftar.pdf"]
    assert [answer.status_code for answer in twice] == [200, 200]
    assert [each["name"] for each in shown["attachments"]] == ["daftar.pdf", "rencana.pdf"]
    assert (foreign.status_code, foreign.json()["errors"][0]["pointer"]) == (422, "/upload")
    assert other.status_code == 404
    assert read.content == PDF


async def test_a_request_that_takes_one_file_not_takes_none(ask, request_help):
    own, foreign = await sent(ask, "dewi"), await sent(ask, "moved")

    refused = await ask("POST", "/help-requests", "dewi", json=wanted(attachments=[own, foreign]))
    again = await request_help(by="dewi", attachments=[own])

    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/attachments/1")
    assert [each["id"] for each in again["attachments"]] == [own]


async def test_what_is_over_takes_no_file_and_leaves_it_to_its_sender(ask, request_help):
    id_ = (await request_help())["id"]
    await ask.help(id_, "withdraw", "dewi", reason="Sudah selesai")
    file = await sent(ask, "dewi")

    refused = await ask.help(id_, "attachments", "dewi", upload=file)
    elsewhere = await request_help(by="dewi", attachments=[file])

    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")
    assert elsewhere["attachments"][0]["id"] == file
