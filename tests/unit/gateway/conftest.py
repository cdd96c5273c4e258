"""A gateway without a broker: its courier remembers what it was given and answers as told."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from time import time
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from contracts.envelope import Actor, Answer, Command, Grant, Query, Verdict
from contracts.outcome import Problem
from gateway.app import create_app
from gateway.settings import Settings

KEY = "a signing key of thirty-two letters or more"


@dataclass
class RememberingCourier:
    """Stands in for the bus: a port, not a mock of our own code."""

    verdict: Verdict | Exception | None = None
    answer: Answer | Exception = field(default_factory=lambda: Answer(result="{}"))
    commands: list[Command[Any]] = field(default_factory=list)
    queries: list[Query[Any]] = field(default_factory=list)
    alive: Exception | None = None

    async def open(self) -> None:
        return

    async def close(self) -> None:
        return

    async def ping(self) -> None:
        if self.alive is not None:
            raise self.alive

    async def command(self, command: Command[Any], patience_s: float) -> Verdict | None:
        self.commands.append(command)
        if isinstance(self.verdict, Exception):
            raise self.verdict
        return self.verdict

    async def query(self, query: Query[Any], deadline_s: float) -> Answer:
        self.queries.append(query)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def accepts(self, result: str = '{"id":"1"}', *, status: int = 201, **more: Any) -> None:
        """Carry out every command from now on."""
        self.verdict = Verdict(command="c", status=status, result=result, **more)

    def refuses(self, code: str, **facts: Any) -> None:
        """Refuse every command from now on."""
        problem = Problem(code=code, facts=facts)
        self.verdict = Verdict(command="c", status=problem.status, problem=problem)


@pytest.fixture
def settings() -> Settings:
    return Settings.model_validate(
        {
            "rabbitmq_url": "amqp://nowhere",
            "signing_key": KEY,
            "rate_burst": 40,
            "rate_per_second": 5,
        }
    )


@pytest.fixture
def courier() -> RememberingCourier:
    return RememberingCourier()


@pytest.fixture
def app(settings: Settings, courier: RememberingCourier) -> FastAPI:
    return create_app(settings, courier=courier)


@pytest.fixture
async def anonymous(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
        yield client


@pytest.fixture
def sign_token(app: FastAPI) -> Callable[..., str]:
    def sign(account: str = "pegawai.dinkes", *, rights_as_of: int | None = None) -> str:
        actor = Actor(
            account=account,
            employee="e-1",
            agency="DINKES",
            grants=(Grant(role="employee", scope="DINKES"),),
        )
        as_of = int(time() * 1_000) if rights_as_of is None else rights_as_of
        token: str = app.state.desk.tokens.sign(actor, session="s-1", rights_as_of=as_of)
        return token

    return sign


@pytest.fixture
async def client(app: FastAPI, sign_token: Callable[..., str]) -> AsyncIterator[httpx.AsyncClient]:
    """The caller is an employee of the health agency."""
    transport = httpx.ASGITransport(app)
    headers = {"Authorization": f"Bearer {sign_token()}"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://gateway", headers=headers
    ) as client:
        yield client
