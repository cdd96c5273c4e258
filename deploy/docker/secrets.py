"""Generate the secrets of a compose system, once, into a volume.

Run as ``python -m deploy.docker.secrets <directory> [<directory of files>]``.

``passwords.json`` is the truth and for nobody but root; what is missing there is added, what is
there is kept. From it every process gets one file, ``<process>.env``, which only the user that the
process runs as can read. ``mongo.key`` lets the members of the replica set know each other.
"""

import json
import os
import secrets
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from contracts.services import SERVICES

PREPARE = 10_001
"""The user of the preparing job."""

USERS = {name: 10_011 + place for place, name in enumerate(SERVICES)} | {"gateway": 10_021}
"""The user that each process runs as; docker-compose.yml says the same."""

FILES = 10_030
"""The group of those that keep files; docker-compose.yml says the same."""

_MONGO = 999
"""The user the database's image runs as."""

_KEPT = "passwords.json"


def write(directory: Path) -> tuple[str, ...]:
    """Make what is missing and write every file; the names of what was made."""
    known = _known(directory / _KEPT)
    made = {name: secret for name, secret in _fresh() if name not in known}
    passwords = known | made
    if made:
        _keep(directory / _KEPT, json.dumps(passwords, indent=1), owner=0)
    _keep(directory / "mongo.key", passwords["replica_set_key"] + "\n", owner=_MONGO)
    for name, owner, told in _files(passwords):
        text = "".join(f"{variable}='{value}'\n" for variable, value in told.items())
        _keep(directory / f"{name}.env", text, owner=owner)
    return tuple(made)


def _known(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    found: dict[str, str] = json.loads(file.read_text())
    return found


def _fresh() -> Iterator[tuple[str, str]]:
    yield "replica_set_key", secrets.token_hex(256)
    yield "signing_key", secrets.token_urlsafe(48)
    for name in ("broker", "database", *(f"broker_{user}" for user in USERS)):
        yield name, secrets.token_urlsafe(24)
    for service in SERVICES:
        yield f"database_{service}", secrets.token_urlsafe(24)


def _files(passwords: Mapping[str, str]) -> Iterator[tuple[str, int, dict[str, str]]]:
    """Every file: its name, the user that reads it, and what it says."""
    yield "rabbitmq", 0, _broker(passwords)
    yield "mongo", 0, _database(passwords)
    yield "prepare", PREPARE, _prepare(passwords)
    for name, user in USERS.items():
        yield name, user, _process(name, passwords)


def _broker(passwords: Mapping[str, str]) -> dict[str, str]:
    return {
        "RABBITMQ_DEFAULT_USER": "sambatan",
        "RABBITMQ_DEFAULT_PASS": passwords["broker"],
        "RABBITMQ_DEFAULT_VHOST": "sambatan",
    }


def _database(passwords: Mapping[str, str]) -> dict[str, str]:
    return {
        "MONGO_INITDB_ROOT_USERNAME": "root",
        "MONGO_INITDB_ROOT_PASSWORD": passwords["database"],
    }


def _prepare(passwords: Mapping[str, str]) -> dict[str, str]:
    told = {
        "SAMBATAN_RABBITMQ_URL": _amqp("sambatan", passwords["broker"]),
        "SAMBATAN_RABBITMQ_MANAGEMENT_URL": _management("sambatan", passwords["broker"]),
        "SAMBATAN_MONGODB_ROOT_URL": _mongodb("root", passwords["database"], "admin"),
    }
    for name in USERS:
        told |= _addresses(name, passwords)
    return told


def _process(name: str, passwords: Mapping[str, str]) -> dict[str, str]:
    told = _addresses(name, passwords)
    if name == "gateway":
        told["SAMBATAN_GATEWAY_SIGNING_KEY"] = passwords["signing_key"]
    if name == "subscriptions":  # it makes the queues and users of other governments
        own = _management(name, passwords[f"broker_{name}"])
        told["SAMBATAN_SUBSCRIPTIONS_RABBITMQ_MANAGEMENT_URL"] = own
    return told


def _addresses(name: str, passwords: Mapping[str, str]) -> dict[str, str]:
    prefix = f"SAMBATAN_{name.upper()}"
    told = {f"{prefix}_RABBITMQ_URL": _amqp(name, passwords[f"broker_{name}"])}
    if name in SERVICES:
        password = passwords[f"database_{name}"]
        told[f"{prefix}_MONGODB_URL"] = _mongodb(name, password, f"sambatan_{name}")
    return told


def _amqp(user: str, password: str) -> str:
    return f"amqp://{user}:{password}@rabbitmq:5672/sambatan"


def _management(user: str, password: str) -> str:
    return f"http://{user}:{password}@rabbitmq:15672"


def _mongodb(user: str, password: str, database: str) -> str:
    return f"mongodb://{user}:{password}@mongo:27017/?replicaSet=rs0&authSource={database}"


def _keep(file: Path, text: str, *, owner: int) -> None:
    """Replace the file at once; it is never there with a part of its text or for others."""
    new = file.with_name(f".{file.name}.new")
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    new.write_text(text)
    os.chown(new, owner, owner)
    new.chmod(0o400)
    new.replace(file)


def share(directory: Path) -> None:
    """Let gateway and task service keep files here together; what they make stays the group's."""
    os.chown(directory, 0, FILES)
    directory.chmod(0o2770)


if __name__ == "__main__":
    made = write(Path(sys.argv[1] if len(sys.argv) > 1 else "/secrets"))
    if len(sys.argv) > 2:
        share(Path(sys.argv[2]))
    print(f"secrets: {len(made)} made" if made else "secrets: all there")
