"""Prepare the servers of a compose system: users, virtual hosts, queues, indexes; repeatable."""

import os
import subprocess
import sys
from urllib.parse import SplitResult, parse_qs, urlsplit

import httpx
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from contracts.services import SERVICES
from deploy.docker.secrets import USERS
from kit.messaging.topology import PUBLIC_VHOST

_USER_EXISTS = 51_003
_MAKES_USERS = "subscriptions"


def main() -> int:
    """Do everything that must stand before a process starts."""
    _broker_users(os.environ["SAMBATAN_RABBITMQ_MANAGEMENT_URL"])
    _database_users(os.environ["SAMBATAN_MONGODB_ROOT_URL"])
    steps = [["kit.messaging.topology", "apply"]]
    steps += [[f"services.{service}", "migrate"] for service in SERVICES]
    for step in steps:
        print("prepare:", " ".join(step), flush=True)
        subprocess.run([sys.executable, "-m", *step], check=True)
    return 0


def _broker_users(management: str) -> None:
    """One user per process in the city's virtual host; one of them gives queues to outsiders."""
    address = urlsplit(management)
    everything = {"configure": ".*", "write": ".*", "read": ".*"}
    with httpx.Client(
        base_url=f"{address.scheme}://{address.hostname}:{address.port}/api",
        auth=(address.username or "", address.password or ""),
        timeout=10,
    ) as http:
        http.put(f"/vhosts/{PUBLIC_VHOST}").raise_for_status()
        for name in USERS:
            own = urlsplit(os.environ[f"SAMBATAN_{name.upper()}_RABBITMQ_URL"])
            tags = "administrator" if name == _MAKES_USERS else ""
            account = {"password": own.password, "tags": tags}
            http.put(f"/users/{own.username}", json=account).raise_for_status()
            permissions = f"/permissions/{own.path.lstrip('/')}/{own.username}"
            http.put(permissions, json=everything).raise_for_status()
        permissions = f"/permissions/{PUBLIC_VHOST}/{_MAKES_USERS}"
        http.put(permissions, json=everything).raise_for_status()


def _database_users(root: str) -> None:
    """One user per service, who sees its own database only."""
    with MongoClient[dict[str, object]](root) as client:
        for service in SERVICES:
            _database_user(client, urlsplit(os.environ[f"SAMBATAN_{service.upper()}_MONGODB_URL"]))


def _database_user(client: MongoClient[dict[str, object]], own: SplitResult) -> None:
    name = parse_qs(own.query)["authSource"][0]
    roles = [{"role": "dbOwner", "db": name}]
    try:
        client[name].command("createUser", own.username, pwd=own.password, roles=roles)
    except OperationFailure as failure:
        if failure.code != _USER_EXISTS:
            raise


if __name__ == "__main__":
    sys.exit(main())
