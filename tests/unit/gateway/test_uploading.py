"""A body on its way in: what is told of one that never ends."""

import pytest
from starlette.requests import Request

from contracts.outcome import Refusal
from gateway.uploading import receive


def a_request(*messages):
    waiting = list(messages)

    async def take():
        return waiting.pop(0)

    scope = {"type": "http", "method": "POST", "path": "/v1/uploads", "headers": []}
    return Request(scope, take)


def a_piece(body, *, more):
    return {"type": "http.request", "body": body, "more_body": more}


async def test_a_body_is_whole_when_its_last_piece_has_come():
    request = a_request(a_piece(b"catatan ", more=True), a_piece(b"rapat", more=False))

    received = await receive(request, "text/plain")

    assert (received.size, received.media_type) == (13, "text/plain")
    received.file.seek(0)
    assert received.file.read() == b"catatan rapat"
    received.file.close()


async def test_a_caller_who_hangs_up_has_sent_nothing():
    request = a_request(a_piece(b"catatan ", more=True), {"type": "http.disconnect"})

    with pytest.raises(Refusal) as refused:
        await receive(request, "text/plain")

    assert refused.value.problem.code == "malformed"
