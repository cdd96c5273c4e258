"""How a service process starts, shows its health, and ends.

``python -m services.<name>`` works; ``… migrate [--dry-run]`` prepares the database and ends;
``… dead-letters list|show|replay|discard`` and ``… read-again <queue>`` are the operator's tools.
"""

import argparse
import asyncio
import contextlib
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

import uvicorn
import uvloop
from prometheus_client import make_asgi_app
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from kit import logging
from kit.memory import collect_garbage_rarely
from kit.messaging import archive, dead_letters
from kit.messaging.service import ROLES, Service
from kit.settings import ServiceSettings
from kit.storage.store import Store
from kit.tasks import end

S = TypeVar("S", bound=ServiceSettings)
log = logging.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Tool:
    """A command of the operator's that one service has beside those of all."""

    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[Store, argparse.Namespace], Awaitable[int]]


def main(
    name: str,
    settings_type: type[S],
    build: Callable[[S, Store], Service],
    *,
    tools: Mapping[str, Tool] | None = None,
) -> None:
    """Run the command line of a service; never returns."""
    tools = tools or {}
    arguments = _parse(name, tools)
    settings = settings_type()
    logging.configure(name, settings)
    collect_garbage_rarely()
    if arguments.command is None:
        log.info("process.starting", settings=settings.model_dump(mode="json"))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        sys.exit(runner.run(_run(name, settings, build, arguments, tools)))


def _parse(name: str, tools: Mapping[str, Tool]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=f"python -m services.{name}")
    parser.add_argument("--roles", default=",".join(sorted(ROLES)), help="comma-separated")
    commands = parser.add_subparsers(dest="command")
    migrate = commands.add_parser("migrate", help="create collections and indexes, then end")
    migrate.add_argument("--dry-run", action="store_true")
    dead_letters.add_arguments(commands.add_parser("dead-letters", help="the operator's tool"))
    again = commands.add_parser("read-again", help="give a reader the archived events once more")
    archive.add_arguments(again, name)
    for word, tool in tools.items():
        tool.add_arguments(commands.add_parser(word, help="the operator's tool"))
    arguments = parser.parse_args()
    arguments.roles = frozenset(arguments.roles.split(","))
    if not arguments.roles <= ROLES:
        parser.error(f"--roles takes {', '.join(sorted(ROLES))}")
    return arguments


async def _run(
    name: str,
    settings: S,
    build: Callable[[S, Store], Service],
    arguments: argparse.Namespace,
    tools: Mapping[str, Tool],
) -> int:
    store = Store(name, settings)
    try:
        service = build(settings, store)
        if arguments.command == "migrate":
            await store.wait_available()
            for line in await store.migrate(dry_run=arguments.dry_run):
                print(f"{name}: {line}")
            return 0
        url = settings.rabbitmq_url.get_secret_value()
        if arguments.command == "dead-letters":
            return await dead_letters.run(store, url, arguments)
        if arguments.command == "read-again":
            return await archive.run(url, arguments)
        if arguments.command in tools:
            return await tools[arguments.command].run(store, arguments)
        await _serve(service, settings, url, arguments.roles)
        return 0
    finally:
        with contextlib.suppress(Exception):
            await store.close()


async def _serve(
    service: Service, settings: ServiceSettings, url: str, roles: frozenset[str]
) -> None:
    loop = asyncio.get_running_loop()
    work = asyncio.create_task(service.run(url, roles))
    ending: set[asyncio.Task[None]] = set()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, lambda: ending.add(asyncio.create_task(end(work))))
    health = asyncio.create_task(serve_health(service, settings))
    try:
        await work
    except asyncio.CancelledError:
        log.info("process.stopped")
    finally:
        await end(health)


class _Quiet(uvicorn.Server):
    """A server inside a process that handles signals itself."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the process's signal handlers alone."""
        yield


async def serve_health(service: Service, settings: ServiceSettings) -> None:
    """Answer ``/health/live``, ``/health/ready`` and ``/metrics`` until cancelled."""
    if settings.health_port == 0:
        return

    async def live(_: Request) -> JSONResponse:
        return JSONResponse({"status": "live"})

    async def ready(_: Request) -> JSONResponse:
        parts = {"consumers": service.ready, "database": await service.store.available()}
        good = all(parts.values())
        state = {"status": "ready" if good else "not ready", **parts}
        return JSONResponse(state, status_code=200 if good else 503)

    routes = [
        Route("/health/live", live),
        Route("/health/ready", ready),
        Mount("/metrics", make_asgi_app()),
    ]
    config = uvicorn.Config(
        Starlette(routes=routes),
        host=settings.health_host,
        port=settings.health_port,
        log_config=None,
        access_log=False,
        lifespan="off",
    )
    await _Quiet(config).serve()
