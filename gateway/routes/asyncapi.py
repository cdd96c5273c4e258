"""The description of all events, for machines and for people; it needs no account."""

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from gateway import asyncapi, event_catalogue

router = APIRouter(include_in_schema=False)


@router.get("/asyncapi.json")
async def get_asyncapi_document() -> Response:
    """The AsyncAPI 3.0 document, made from the catalogue."""
    return Response(asyncapi.text(), media_type="application/json")


@router.get("/asyncapi")
async def show_asyncapi_page() -> Response:
    """The same for people."""
    return HTMLResponse(event_catalogue.html())
