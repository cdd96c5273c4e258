"""Finds routes without variable parts by looking them up instead of trying one after another."""

from collections.abc import Iterable

from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send


class Index(BaseRoute):
    """Stands before all routes; what it does not know goes on to the list behind it."""

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        self._exact = {
            (method, route.path): route
            for route in routes
            if isinstance(route, APIRoute) and "{" not in route.path
            for method in route.methods or ()
        }

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """A full match of the one route with this method and path, or none."""
        if scope["type"] != "http":
            return Match.NONE, {}
        route = self._exact.get((scope["method"], scope["path"]))
        return (Match.NONE, {}) if route is None else route.matches(scope)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the route that matched answer."""
        await self._exact[scope["method"], scope["path"]].handle(scope, receive, send)
