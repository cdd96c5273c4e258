"""The product's own processes: which there are, and what each is told."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass

from deploy.local.database import Database, database_of
from deploy.local.home import Home
from deploy.local.programs import Program, bare_environment
from deploy.local.rabbitmq import Broker
from deploy.local.settings import CHECKOUT, SERVICES, LocalSettings, inherited

GATEWAY = "gateway"
NAMES = (*SERVICES, GATEWAY)
PORTS = tuple(f"{service}_health" for service in SERVICES)
_DATABASE_VARIABLES = ("SAMBATAN_MONGODB_URL",)


@dataclass(frozen=True, slots=True)
class Processes:
    """Commands and environments of one system."""

    home: Home
    settings: LocalSettings
    ports: Mapping[str, int]
    broker: Broker | None  # None: a given server
    database: Database | None

    def programs(self) -> tuple[Program, ...]:
        """Every process that stays, services first."""
        services = (self._program(name, self.of_service(name)) for name in SERVICES)
        return (*services, self._program(GATEWAY, self.of_gateway()))

    def health(self, name: str) -> str:
        """Where a process says whether it is ready."""
        if name == GATEWAY:
            return f"{self.gateway_url}/health/ready"
        return f"http://127.0.0.1:{self.ports[f'{name}_health']}/health/ready"

    @property
    def gateway_url(self) -> str:
        """Where callers come in."""
        return f"http://127.0.0.1:{self.settings.port}"

    @property
    def rabbitmq_url(self) -> str:
        """The broker's address, with credentials."""
        if self.broker is not None:
            return self.broker.url
        assert self.settings.rabbitmq_url is not None
        return self.settings.rabbitmq_url.get_secret_value()

    @property
    def management_url(self) -> str:
        """The address of the broker's management interface, with credentials."""
        if self.broker is not None:
            return self.broker.management
        return self.settings.management_url() or ""

    @property
    def mongodb_url(self) -> str:
        """The database's address for the owner of everything."""
        if self.database is not None:
            return self.database.url
        assert self.settings.mongodb_url is not None
        return self.settings.mongodb_url.get_secret_value()

    def of_service(self, name: str) -> dict[str, str]:
        """What one service is told: its own database and no other."""
        prefix = f"SAMBATAN_{name.upper()}"
        own = {f"{prefix}_HEALTH_PORT": str(self.ports[f"{name}_health"])}
        if self.database is not None:
            own[f"{prefix}_MONGODB_URL"] = self.database.url_of(name)
            own[f"{prefix}_MONGODB_DATABASE"] = database_of(name)
        return self._common() | own

    def of_gateway(self) -> dict[str, str]:
        """What the gateway is told; it knows no database."""
        given = self._common()
        known = {key: value for key, value in given.items() if key not in _DATABASE_VARIABLES}
        generated = {
            "SAMBATAN_GATEWAY_HOST": "127.0.0.1",
            "SAMBATAN_GATEWAY_SIGNING_KEY": self.home.secrets().signing_key,
        }
        return generated | known | {"SAMBATAN_GATEWAY_PORT": str(self.settings.port)}

    def of_tool(self) -> dict[str, str]:
        """What seeding and the played day are told: every address."""
        everything = self._common() | {"SAMBATAN_MONGODB_URL": self.mongodb_url}
        for name in SERVICES:
            everything |= self.of_service(name)
        password = self.settings.demo_password.get_secret_value()
        return everything | {"SAMBATAN_DEMO_PASSWORD": password}

    def _common(self) -> dict[str, str]:
        common = bare_environment() | inherited()
        common |= {
            "HOME": str(self.home.path),
            "PYTHONUNBUFFERED": "1",
            "MALLOC_ARENA_MAX": "2",  # many arenas only hold memory that nobody uses
            "SAMBATAN_HOME": str(self.home.path),
            "SAMBATAN_PORT": str(self.settings.port),
            "SAMBATAN_FILES_URL": inherited().get("SAMBATAN_FILES_URL", self.home.files.as_uri()),
            "SAMBATAN_RABBITMQ_URL": self.rabbitmq_url,
            "SAMBATAN_RABBITMQ_MANAGEMENT_URL": self.management_url,
        }
        if self.database is not None:
            common.pop("SAMBATAN_MONGODB_URL", None)
            common["SAMBATAN_MONGODB_DURABILITY"] = "last"
        return common

    def _program(self, name: str, environment: Mapping[str, str]) -> Program:
        module = GATEWAY if name == GATEWAY else f"services.{name}"
        return Program(
            name=name,
            command=(sys.executable, "-m", module),
            directory=CHECKOUT,
            record=self.home.record(name),
            environment=environment,
            patience_s=15,
        )
