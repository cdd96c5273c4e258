"""Prepare the servers of a compose system: users, virtual hosts, queues, indexes; repeatable."""

import os
import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

import httpx
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from contracts.services import SERVICES
from kit.messaging.topology import PUBLIC_VHOST

_USER_EXISTS = 51_003


def main() -> int:
    """Do everything that must stand before a process starts."""
    _database_users()
    _virtual_host(os.environ["SAMBATAN_RABBITMQ_MANAGEMENT_URL"], PUBLIC_VHOST)
    steps = [["kit.messaging.topology", "apply"]]
    steps += [[f"services.{service}", "migrate"] for service in SERVICES]
    for step in steps:
        print("prepare:", " ".join(step), flush=True)
        subprocess.run([sys.executable, "-m", *step], check=True)
    return 0


def _database_users() -> None:
    """One user per service, who sees its own database only."""
    with MongoClient(os.environ["SAMBATAN_MONGODB_ROOT_URL"]) as client:
        for service in SERVICES:
            address = urlsplit(os.environ[f"SAMBATAN_{service.upper()}_MONGODB_URL"])
            database = parse_qs(address.query)["authSource"][0]
            roles = [{"role": "dbOwner", "db": database}]
            try:
                client[database].command(
                    "createUser", address.username, pwd=address.password, roles=roles
                )
            except OperationFailure as failure:
                if failure.code != _USER_EXISTS:
                    raise


def _virtual_host(management: str, name: str) -> None:
    address = urlsplit(management)
    auth = (address.username or "", address.password or "")
    base = f"{address.scheme}://{address.hostname}:{address.port}/api"
    everything = {"configure": ".*", "write": ".*", "read": ".*"}
    with httpx.Client(auth=auth, timeout=10) as http:
        http.put(f"{base}/vhosts/{name}").raise_for_status()
        permissions = f"{base}/permissions/{name}/{address.username}"
        http.put(permissions, json=everything).raise_for_status()


if __name__ == "__main__":
    sys.exit(main())
