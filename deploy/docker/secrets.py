"""Generate the secrets of a compose system, once, into a volume.

Run as ``python -m deploy.docker.secrets <directory>``.

``sambatan.env`` is sourced by every process; ``mongo.key`` lets the members of the replica set know
each other. What is there is kept.
"""

import os
import secrets
import sys
from pathlib import Path

from contracts.services import SERVICES

OURS = 10_001
"""The user our image runs as."""

MONGO = 999
"""The user the database's image runs as."""


def lines() -> list[str]:
    """The environment of a system, with fresh passwords."""
    broker, root = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    told = {
        "RABBITMQ_DEFAULT_USER": "sambatan",
        "RABBITMQ_DEFAULT_PASS": broker,
        "RABBITMQ_DEFAULT_VHOST": "sambatan",
        "MONGO_INITDB_ROOT_USERNAME": "root",
        "MONGO_INITDB_ROOT_PASSWORD": root,
        "SAMBATAN_MONGODB_ROOT_URL": _mongodb("root", root, "admin"),
        "SAMBATAN_RABBITMQ_URL": f"amqp://sambatan:{broker}@rabbitmq:5672/sambatan",
        "SAMBATAN_RABBITMQ_MANAGEMENT_URL": f"http://sambatan:{broker}@rabbitmq:15672",
        "SAMBATAN_GATEWAY_SIGNING_KEY": secrets.token_urlsafe(48),
    }
    for service in SERVICES:
        url = _mongodb(service, secrets.token_urlsafe(24), f"sambatan_{service}")
        told[f"SAMBATAN_{service.upper()}_MONGODB_URL"] = url
    return [f"{name}='{value}'" for name, value in told.items()]


def _mongodb(user: str, password: str, database: str) -> str:
    return f"mongodb://{user}:{password}@mongo:27017/?replicaSet=rs0&authSource={database}"


def write(directory: Path) -> bool:
    """Write what is missing; whether anything was."""
    environment, key = directory / "sambatan.env", directory / "mongo.key"
    if environment.exists() and key.exists():
        return False
    _keep(environment, "\n".join(lines()) + "\n", owner=OURS, mode=0o444)
    _keep(key, secrets.token_hex(256) + "\n", owner=MONGO, mode=0o400)
    return True


def _keep(file: Path, text: str, *, owner: int, mode: int) -> None:
    file.touch(mode=0o600)
    file.write_text(text)
    os.chown(file, owner, owner)
    file.chmod(mode)


if __name__ == "__main__":
    made = write(Path(sys.argv[1] if len(sys.argv) > 1 else "/secrets"))
    print("secrets were made" if made else "secrets are there")
