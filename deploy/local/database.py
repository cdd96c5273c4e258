"""The embedded database: MongoDB's protocol on one file store, one user per service database."""

import sys
import time
from collections.abc import Mapping
from pathlib import Path

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from deploy.local import ports
from deploy.local.home import Home
from deploy.local.identity import end, identify
from deploy.local.programs import Program, tail
from deploy.local.progress import Failed
from deploy.local.settings import SERVICES

PORTS = ("mongodb",)
ROOT = "root"
_START_PATIENCE_S = 30.0
SERVER = Path(__file__).with_name("embedded") / "process.py"


class Database:
    """The database process of one home."""

    def __init__(self, home: Home, chosen: Mapping[str, int]) -> None:
        self._home = home
        self._secrets = home.secrets()
        self._port = chosen["mongodb"]
        self.directory = home.database

    @property
    def url(self) -> str:
        """The address for the owner of everything."""
        password = self._secrets.mongodb_root
        return f"mongodb://{ROOT}:{password}@127.0.0.1:{self._port}/?authSource=admin"

    def url_of(self, service: str) -> str:
        """The address for one service, which sees its own database only."""
        password = self._secrets.mongodb[service]
        return (
            f"mongodb://{service}:{password}@127.0.0.1:{self._port}/"
            f"?authSource={database_of(service)}"
        )

    @property
    def program(self) -> Program:
        """The database as it runs, with sign-in."""
        return self._program(self._port, "--auth")

    def prepare(self) -> None:
        """Make the store and its users before the first start that asks for passwords."""
        (self.directory / "database.toml").touch()
        marker = self.directory / "users-made"
        if not marker.exists():
            self._make_users()
            marker.touch()

    def ready(self) -> bool:
        """Whether it answers its owner."""
        if not ports.answers(self._port):
            return False
        try:
            with MongoClient[dict[str, object]](self.url, serverSelectionTimeoutMS=2_000) as client:
                client.admin.command("ping")
        except PyMongoError:
            return False
        return True

    def _program(self, port: int, *options: str) -> Program:
        here = self.directory
        return Program(
            name="mongodb",
            command=(
                *(sys.executable, str(SERVER), "--config", str(here / "database.toml")),
                *("--host", "127.0.0.1", "--port", str(port)),
                *("--storage-path", str(here / "store"), "--cache-size", "256M"),
                *("--log-level", "WARNING", "--standalone", *options),
            ),
            directory=here,
            record=self._home.record("mongodb"),
            environment={"HOME": str(here)},
            patience_s=20,
        )

    def _make_users(self) -> None:
        """Users can only be made while nobody is asked who they are: once, on an unnamed port."""
        port = ports.choose(["mongodb"], {})["mongodb"]
        log = self._home.logs / "mongodb.log"
        child = self._program(port).spawn(log)
        try:
            deadline = time.monotonic() + _START_PATIENCE_S
            while not ports.answers(port):
                if child.poll() is not None or time.monotonic() > deadline:
                    raise Failed(f"the embedded database does not start:\n{tail(log)}")
                time.sleep(0.05)
            self._create_users(port)
        finally:
            if found := identify(child.pid):
                end([found], self.program.patience_s)
            child.wait()

    def _create_users(self, port: int) -> None:
        with MongoClient[dict[str, object]](f"mongodb://127.0.0.1:{port}/") as client:
            _create_user(client, "admin", ROOT, self._secrets.mongodb_root, "root")
            for service in SERVICES:
                password = self._secrets.mongodb[service]
                _create_user(client, database_of(service), service, password, "dbOwner")


def database_of(service: str) -> str:
    """The name of a service's database."""
    return f"sambatan_{service}"


def _create_user(
    client: MongoClient[dict[str, object]], database: str, name: str, password: str, role: str
) -> None:
    roles = [{"role": role, "db": database}]
    try:
        client[database].command("createUser", name, pwd=password, roles=roles)
    except OperationFailure:  # made by an earlier start that did not come to its end
        client[database].command("updateUser", name, pwd=password, roles=roles)
