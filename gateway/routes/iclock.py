"""The push protocol of attendance machines (``/iclock/…``), for registered serial numbers only.

Answers are plain text. Whatever is not known to be safe is refused with 403 or 503, so that the
machine keeps its records and sends them again; repeats are welcome.
"""

from typing import Any

from fastapi import APIRouter
from starlette.responses import PlainTextResponse

from gateway.machines import words
from gateway.machines.meeting import Calling
from gateway.problems import answers

router = APIRouter(prefix="/iclock", tags=["machines"], default_response_class=PlainTextResponse)

_OK = "OK"


def _answers(example: str) -> dict[int | str, dict[str, Any]]:
    told: dict[int | str, dict[str, Any]] = {
        status: answer
        for status, answer in answers(None, "device_unknown").items()
        if status in {400, 403, 503}
    }
    text = {"schema": {"type": "string"}, "example": example}
    told[200] = {"description": "In the protocol's words.", "content": {"text/plain": text}}
    return told


def _takes(example: str) -> dict[str, Any]:
    text = {"schema": {"type": "string"}, "example": example}
    serial = {
        "name": "SN",
        "in": "query",
        "required": True,
        "description": "The machine's serial number, as it was registered.",
        "schema": {"type": "string"},
    }
    body = {"requestBody": {"content": {"text/plain": text}}} if example else {}
    return {"parameters": [serial], **body}


@router.get(
    "/cdata",
    summary="A machine asks for its options, or for the time",
    responses=_answers("GET OPTION FROM: SOLO0001\nATTLOGStamp=None\nDelay=10\nTimeZone=7\n"),
    openapi_extra=_takes(""),
)
async def greet(machine: Calling) -> str:
    """Options by the firmware's `pushver`; with `type=time` the time in the machine's zone."""
    if machine.parameter("type").lower() == "time":
        return words.clock(await machine.meet("time"), machine.now)
    met = await machine.meet("handshake")
    return words.handshake(met, machine.parameter("pushver"), machine.now)


@router.post(
    "/cdata",
    summary="A machine uploads",
    responses=_answers("OK: 3"),
    openapi_extra=_takes("1001\t2026-11-24 07:11:58\t0\t1\t0\n"),
)
async def upload(machine: Calling) -> str:
    """`table=ATTLOG` and the `OPLOG` lines of `OPERLOG` are kept; all else is read over.

    `OK: n` counts every line, repeats and unreadable ones too, and comes when they are stored.
    """
    await machine.meet("upload")
    table = machine.parameter("table").upper()
    if table == "ATTLOG":
        return f"OK: {await machine.store_lines(machine.parameter('Stamp'))}"
    if table == "OPERLOG":
        return f"OK: {await machine.note_operations()}"
    await machine.read_over()
    return _OK


@router.get(
    "/getrequest",
    summary="A machine asks what there is to do",
    responses=_answers("C:42:INFO"),
    openapi_extra=_takes(""),
)
async def give_orders(machine: Calling) -> str:
    """Orders, one a line as `C:<number>:<order>`, or `OK`."""
    return words.orders(await machine.meet("poll"))


@router.post(
    "/devicecmd",
    summary="A machine reports what came of its orders",
    responses=_answers(_OK),
    openapi_extra=_takes("ID=42&Return=0&CMD=INFO\n"),
)
async def take_results(machine: Calling) -> str:
    """`ID=…&Return=…&CMD=…`, several a body; 0 is good."""
    await machine.meet("other")
    await machine.record_results()
    return _OK


@router.get(
    "/ping",
    summary="A machine says that it is there",
    responses=_answers(_OK),
    openapi_extra=_takes(""),
)
async def answer_ping(machine: Calling) -> str:
    """Noted as a sign of life."""
    await machine.meet("other")
    return _OK


@router.post(
    "/registry",
    summary="Firmware for access control registers",
    responses=_answers("RegistryCode=0A1B2C3D4E5F\n"),
    openapi_extra=_takes("DeviceType=acc,~DeviceName=SAMPLE\n"),
)
async def give_registry_code(machine: Calling) -> str:
    """A code for a machine that is registered here; what it tells of itself is not kept."""
    met = await machine.meet("handshake")
    await machine.read_over()
    return words.registry(met)


@router.post(
    "/push",
    summary="Firmware for access control asks for its options",
    responses=_answers("ServerVersion=3.0.1\nRealtime=1\n"),
    openapi_extra=_takes(""),
)
async def give_push_options(machine: Calling) -> str:
    """No table is asked for: doors are not our business."""
    met = await machine.meet("handshake")
    await machine.read_over()
    return words.push_options(met, machine.now)


@router.post(
    "/querydata",
    summary="Firmware for access control brings what was asked for",
    responses=_answers(_OK),
    openapi_extra=_takes("user uid=1\n"),
)
async def read_over_query_data(machine: Calling) -> str:
    """Nothing was asked for; it is read over."""
    await machine.meet("other")
    await machine.read_over()
    return _OK
