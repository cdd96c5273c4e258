"""The caller's own account and day."""

from fastapi import APIRouter
from starlette.responses import Response

from contracts.identity import GetMe, MeView
from gateway.call import Call
from gateway.problems import answers

router = APIRouter(prefix="/v1/me", tags=["me"])


@router.get("", summary="Who am I?", responses=answers(MeView))
async def get_me(call: Call) -> Response:
    """The caller's account, person, posts and rights."""
    return await call.query(GetMe())
