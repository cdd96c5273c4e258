"""Kiosks: the code that an office's screen shows, and the secret behind it."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from contracts.envelope import Code
from contracts.kiosks import (
    GetKiosk,
    KioskSecretView,
    KioskView,
    RotateKiosk,
    RotateKioskRequest,
)
from gateway.call import Call
from gateway.problems import answers

router = APIRouter(prefix="/v1/offices", tags=["kiosks"])


@router.get(
    "/{code}/kiosk", summary="Show the code of an office's kiosk", responses=answers(KioskView)
)
async def get_kiosk(call: Call, code: Annotated[Code, Path()]) -> Response:
    """The code of this moment as text and QR code; for the account of that office's kiosk only."""
    return await call.query(GetKiosk(office=code))


@router.post(
    "/{code}/kiosk/rotate",
    summary="Replace the secret of a kiosk",
    responses=answers(KioskSecretView),
)
async def rotate_kiosk(
    call: Call, code: Annotated[Code, Path()], body: RotateKioskRequest
) -> Response:
    """Codes shown before count for earlier captures, unless the former secret is compromised."""
    return await call.command(RotateKiosk(office=code, compromised=body.compromised))
