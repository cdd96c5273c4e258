"""Some brands add ``.aspx`` or ``.php`` to every path of the protocol; they mean the same."""

import re

from starlette.types import ASGIApp, Receive, Scope, Send

_SUFFIX = re.compile(r"(/iclock/[a-z]+)\.(?:aspx|php)", re.IGNORECASE)


class MachinePaths:
    """Takes the suffix off before a route is looked for."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on under its plain path."""
        if scope["type"] == "http" and (found := _SUFFIX.fullmatch(scope["path"])):
            scope["path"] = found[1].lower()
            scope["raw_path"] = scope["path"].encode()
        await self._app(scope, receive, send)
