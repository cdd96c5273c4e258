"""``python -m gateway``: serve until told to stop."""

import sys

import uvicorn

from gateway.app import create_app
from gateway.settings import Settings
from kit import logging
from kit.logging import get_logger
from kit.memory import collect_garbage_rarely

BACKLOG = 2_048
STOP_WITHIN_S = 15


def main() -> int:
    """Read the settings, say what was started with, and serve."""
    settings = Settings()
    logging.configure("gateway", settings)
    collect_garbage_rarely()
    get_logger(__name__).info(
        "gateway.starting",
        **settings.model_dump(mode="json", exclude={"log_level"}),
    )
    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or "",
        backlog=BACKLOG,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=STOP_WITHIN_S,
    )
    server = uvicorn.Server(config)
    server.run()
    return 0 if server.started else 1


if __name__ == "__main__":
    sys.exit(main())
