"""The caller's own account and day."""

from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from pydantic_core import to_json
from starlette.responses import Response

from contracts.identity import GetMe, MeView
from gateway.call import Call
from gateway.desk import Desk
from gateway.home import HomeView, gather_home
from gateway.problems import answers

router = APIRouter(prefix="/v1/me", tags=["me"])


@router.get("", summary="Who am I?", responses=answers(MeView))
async def get_me(call: Call) -> Response:
    """The caller's account, person, posts and rights."""
    return await call.query(GetMe())


@router.get("/home", summary="My day at a glance", responses=answers(HomeView))
async def get_home(call: Call, request: Request) -> Response:
    """Today, what waits for me, and my running score; a late part is named in ``missing``."""
    desk: Desk = request.app.state.desk
    home = await gather_home(call, ZoneInfo(desk.settings.time_zone))
    return Response(to_json(home), media_type="application/json")
