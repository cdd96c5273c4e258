"""The broker and the database of a test run in containers, where a Docker engine answers."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from deploy.local import ports, rabbitmq
from deploy.local.home import write_private
from deploy.local.infrastructure import ADDRESSES, stay
from tests.waiting import wait_until

BROKER_IMAGE = "rabbitmq:4-management"
DATABASE_IMAGE = "mongo:8"
_HERE_ONLY = ("127.0.0.1",)  # a free port, not for other machines
_ASK_S = 5
_PULL_S = 180


def usable() -> bool:
    """Whether an engine answers and has both images, or can get them."""
    if shutil.which("docker") is None or not _docker("info", patience_s=_ASK_S):
        return False
    return all(
        _docker("image", "inspect", image, patience_s=_ASK_S)
        or _docker("pull", "--quiet", image, patience_s=_PULL_S)
        for image in (BROKER_IMAGE, DATABASE_IMAGE)
    )


def keep(directory: Path, for_pid: int) -> int:
    """Run both until that process is gone or we are asked to stop, also while they start."""
    signal.signal(signal.SIGTERM, _leave)
    with _running() as addresses:
        write_private(directory / ADDRESSES, json.dumps(addresses))
        stay(for_pid)
    return 0


@contextmanager
def _running() -> Iterator[dict[str, str]]:
    os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")  # the holder ends them itself
    os.environ.setdefault("TESTCONTAINERS_CONNECTION_MODE", "docker_host")
    os.environ.setdefault("TESTCONTAINERS_HOST_OVERRIDE", "127.0.0.1")
    from testcontainers.core.container import DockerContainer

    broker = DockerContainer(BROKER_IMAGE)
    database = DockerContainer(DATABASE_IMAGE).with_command("--replSet rs0 --bind_ip_all")
    broker.ports |= dict.fromkeys(("5672/tcp", "15672/tcp"), _HERE_ONLY)
    database.ports |= {"27017/tcp": _HERE_ONLY}
    with broker, database:
        management = f"http://guest:guest@127.0.0.1:{broker.get_exposed_port(15672)}"
        mongodb = f"mongodb://127.0.0.1:{database.get_exposed_port(27017)}/?directConnection=true"
        wait_until(lambda: _broker_answers(management), within_s=120)
        wait_until(lambda: _is_primary(mongodb), within_s=120)
        wait_until(lambda: ports.answers(int(broker.get_exposed_port(5672))), within_s=60)
        yield {
            "rabbitmq_url": f"amqp://guest:guest@127.0.0.1:{broker.get_exposed_port(5672)}/",
            "management_url": management,
            "mongodb_url": mongodb,
            "mongodb_durability": "journal",
        }


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(1)


def _broker_answers(management: str) -> bool:
    try:
        rabbitmq.manage(management, "GET", "/api/overview")
    except OSError:
        return False
    return True


def _is_primary(url: str) -> bool:
    from pymongo import MongoClient
    from pymongo.errors import OperationFailure, PyMongoError

    members = [{"_id": 0, "host": "127.0.0.1:27017"}]
    try:
        with MongoClient[dict[str, Any]](url, serverSelectionTimeoutMS=2_000) as client:
            try:
                client.admin.command("replSetGetStatus")
            except OperationFailure:
                client.admin.command("replSetInitiate", {"_id": "rs0", "members": members})
            return bool(client.admin.command("hello").get("isWritablePrimary"))
    except PyMongoError:
        return False


def _docker(*arguments: str, patience_s: float) -> bool:
    try:
        done = subprocess.run(
            ("docker", *arguments),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=patience_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
