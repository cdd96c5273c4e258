"""Whether the gateway lives, whether it can work, and its figures; and the API's own pages."""

import asyncio
from ipaddress import ip_address
from pathlib import Path

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel
from starlette.responses import HTMLResponse, Response

from contracts.outcome import Refusal
from gateway.desk import Desk
from kit.messaging.client import Unavailable

READY_WITHIN_S = 2.0
PAGE = Path(__file__).parent.parent / "pages" / "docs.html"
SELF_ONLY = {
    "Content-Security-Policy": "default-src 'none'; connect-src 'self'; "
    "style-src 'unsafe-inline'; script-src 'unsafe-inline'; frame-ancestors 'none'"
}
_FORWARDED = (b"x-forwarded-for", b"forwarded")

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """How the gateway feels."""

    status: str


@router.get("/health/live", summary="Is the process alive?")
async def live() -> Health:
    """Answers while the process can answer."""
    return Health(status="alive")


@router.get(
    "/health/ready",
    summary="Can it work?",
    responses={503: {"model": Health, "description": "No message comes back through the bus."}},
)
async def ready(request: Request, response: Response) -> Health:
    """Ready when a message sent through the bus comes back."""
    desk: Desk = request.app.state.desk
    try:
        async with asyncio.timeout(READY_WITHIN_S):
            await desk.bus.ping()
    except (Unavailable, TimeoutError):
        response.status_code = 503
        return Health(status="not_ready")
    return Health(status="ready")


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response:
    """The figures, for the machine itself only unless the settings say otherwise."""
    desk: Desk = request.app.state.desk
    if not (desk.settings.metrics_for_all or _comes_from_here(request)):
        raise Refusal("not_found")
    return Response(generate_latest(desk.metrics.registry), media_type=CONTENT_TYPE_LATEST)


@router.get("/docs", include_in_schema=False)
async def docs() -> Response:
    """The API, readable, with every asset in the page itself."""
    return HTMLResponse(PAGE.read_text(encoding="utf-8"), headers=SELF_ONLY)


def _comes_from_here(request: Request) -> bool:
    """A proxy on this machine is not this machine: what it forwards comes from elsewhere."""
    forwarded = any(name in _FORWARDED for name, _ in request.scope["headers"])
    if request.client is None or forwarded:
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False
