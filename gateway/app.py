"""The composition of the gateway: settings, desk, rings, routes; read it to see all of it."""

import importlib
import pkgutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache
from typing import Any, cast

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute, APIRouter
from pydantic import ValidationError
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute, Match

from contracts import catalogue
from contracts.outcome import Problem, Refusal
from gateway import routes
from gateway.arrival import arrival_of
from gateway.bus import Courier
from gateway.desk import Desk
from gateway.edge import Edge
from gateway.index import Index
from gateway.limits import Bodies
from gateway.machines.paths import MachinePaths
from gateway.openapi import write_document
from gateway.problems import refuse, respond, unavailable
from gateway.settings import Settings
from gateway.validation import field_errors
from kit.messaging.client import Unavailable

TITLE = "Sambatan"
VERSION = "1.0"


def create_app(settings: Settings, *, courier: Courier | None = None) -> FastAPI:
    """The whole gateway as an ASGI application; ``courier`` stands in for the bus in tests."""
    desk = Desk.of(settings, courier=courier)
    app = FastAPI(
        title=TITLE,
        version=VERSION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan(desk),
    )
    app.state.desk = desk
    _answer_problems(app)
    app.add_middleware(Bodies)
    app.add_middleware(MachinePaths)
    app.add_middleware(Edge, metrics=desk.metrics)
    ours = sorted(route_list(), key=_variable_parts_last)
    app.router.routes[:0] = [Index(ours)]
    app.router.routes += ours
    app.openapi = lambda: write_document(app)  # type: ignore[method-assign]  # as FastAPI advises
    return app


def route_list() -> list[BaseRoute]:
    """The routes of every module in ``gateway/routes``."""
    found: list[BaseRoute] = []
    for module in pkgutil.iter_modules(routes.__path__):
        router: APIRouter = importlib.import_module(f"{routes.__name__}.{module.name}").router
        found += router.routes
    return found


def _variable_parts_last(route: BaseRoute) -> tuple[int, str]:
    """Exact paths first: ``/v1/accounts/me`` must not be taken for an account named *me*."""
    path = route.path if isinstance(route, APIRoute) else "~"
    return path.count("{"), path


def _lifespan(desk: Desk) -> Callable[[FastAPI], Any]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await desk.open()
        try:
            yield
        finally:
            await desk.close()

    return lifespan


def _answer_problems(app: FastAPI) -> None:
    answers: dict[type[Exception], Any] = {
        Refusal: _refused,
        Unavailable: _not_available,
        RequestValidationError: _invalid,
        ValidationError: _invalid_message,
        StarletteHTTPException: _http_error,
    }
    for kind, handler in answers.items():
        app.add_exception_handler(kind, handler)


async def _refused(request: Request, error: Refusal) -> Response:
    headers = None
    if error.problem.code == "rate_limited":
        desk: Desk = request.app.state.desk
        headers = desk.limiter.headers(int(error.problem.facts.get("retry_after_s", 1)))
    return respond(arrival_of(request.scope), error.problem, headers=headers)


async def _not_available(request: Request, error: Unavailable) -> Response:
    return unavailable(arrival_of(request.scope), error.retry_after_s)


async def _invalid(request: Request, error: RequestValidationError) -> Response:
    arrival = arrival_of(request.scope)
    told = error.errors()
    if any(item["type"] == "json_invalid" for item in told):
        return refuse(arrival, "malformed")
    errors = field_errors(told, arrival.language)
    return respond(arrival, Problem(code="validation_failed", errors=errors))


async def _invalid_message(request: Request, error: ValidationError) -> Response:
    """A route made a message of checked parts that do not fit together: the caller's mistake."""
    if error.title not in _message_names():
        raise error  # an answer of a service that we cannot read is not
    arrival = arrival_of(request.scope)
    errors = field_errors(error.errors(), arrival.language)
    return respond(arrival, Problem(code="validation_failed", errors=errors))


@cache
def _message_names() -> frozenset[str]:
    messages = (*catalogue.COMMANDS.values(), *catalogue.QUERIES.values())
    return frozenset(message.__name__ for message in messages)


async def _http_error(request: Request, error: HTTPException) -> Response:
    arrival = arrival_of(request.scope)
    if error.status_code == 405:
        allowed = ", ".join(sorted(_methods(request)))
        problem = Problem(code="method_not_allowed")
        return respond(arrival, problem, headers={"Allow": allowed})
    codes = {400: "malformed", 404: "not_found", 413: "body_too_large"}
    return refuse(arrival, codes.get(error.status_code, "internal_error"))


def _methods(request: Request) -> set[str]:
    """Every method that some route takes at this path."""
    app = cast(FastAPI, request.app)
    matching = (
        route.methods or set()
        for route in app.router.routes
        if isinstance(route, APIRoute) and route.matches(request.scope)[0] is not Match.NONE
    )
    return set().union(*matching)
