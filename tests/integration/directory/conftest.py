"""The real directory service and the real gateway in this process, on the run's servers."""

import asyncio

import httpx
import pytest

from gateway.app import create_app
from gateway.settings import Settings as GatewaySettings
from kit.messaging import topology
from kit.storage.store import Store
from kit.tasks import end
from services.directory.app import build
from services.directory.bootstrap import bootstrap
from services.directory.context import Directory
from services.directory.settings import Settings
from tests.waiting import eventually

PASSWORD = "gotong-royong"


class Caller:
    """Somebody at the gateway; signs in by user name."""

    def __init__(self, http):
        self.http = http
        self._tokens = {}

    async def sign_in(self, username, password=PASSWORD):
        body = {"username": username, "password": password}
        return await self.http.post("/v1/session", json=body)

    async def headers(self, username):
        if username not in self._tokens:
            answer = await self.sign_in(username)
            assert answer.status_code == 201, answer.text
            self._tokens[username] = answer.json()["access_token"]
        return {"Authorization": f"Bearer {self._tokens[username]}", "Accept-Language": "en"}

    async def forget(self, username):
        self._tokens.pop(username, None)

    async def __call__(self, method, path, by="admin", headers=None, **more):
        sent = await self.headers(by) | (headers or {})
        answer = await self.http.request(method, path, headers=sent, **more)
        if answer.status_code != 202:
            return answer
        receipt = answer.headers["Location"]
        return await eventually(lambda: self._settled(receipt, sent), within_s=30)

    async def _settled(self, receipt, sent):
        answer = await self.http.get(receipt, headers=sent)
        return answer if answer.json()["status"] != "pending" else None


@pytest.fixture(scope="session")
def servers(servers_for):
    """Servers that no other part's services listen on."""
    return servers_for("directory")


@pytest.fixture(scope="session")
async def store(servers):
    settings = Settings(
        rabbitmq_url=servers.rabbitmq_url,
        mongodb_url=servers.mongodb_url,
        mongodb_database=servers.database("directory"),
        mongodb_durability=servers.mongodb_durability,
    )
    await topology.apply(servers.rabbitmq_url)
    store = Store("directory", settings)
    service = build(settings, store)
    await store.migrate()
    running = asyncio.create_task(service.run(servers.rabbitmq_url))
    await eventually(lambda: service.ready or running.done(), within_s=30)
    assert service.ready
    yield store
    await end(running)
    await store.close()


@pytest.fixture(scope="session")
async def directory(store):
    return Directory.over(store)


@pytest.fixture(scope="session")
async def ask(servers, store, directory):
    """Call the gateway: ``await ask("GET", "/v1/agencies", by="admin")``."""
    assert await bootstrap(directory, PASSWORD)
    settings = GatewaySettings(
        rabbitmq_url=servers.rabbitmq_url,
        signing_key="only for this run of the tests, and long enough",
        closed_accounts_every_s=0.2,
        port=0,
    )
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app, client=("192.0.2.10", 1234))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
            yield Caller(http)


@pytest.fixture(scope="session")
async def city(ask):
    """A small city: two agencies with heads and staff, one of them with an agency below."""
    for code, parent in (
        ("PEMKOT", None), ("DINKES", "PEMKOT"), ("PKM", "DINKES"), ("BKPSDM", "PEMKOT"),
    ):  # fmt: skip
        body = {"name": f"Agency {code}", "kind": "dinas", "parent": parent,
                "stages": [{"stage": "active", "from": "2026-01-01"}]}  # fmt: skip
        answer = await ask("PUT", f"/v1/agencies/{code}", json=body)
        assert answer.status_code == 201, answer.text
    people = [
        "key,nip,name,employment,agency,position,supervisor,from,username,roles",
        f"K-1,{'1' * 18},Sri Kepala,pns,DINKES,Kepala,,2020-01-01,kepala.dinkes,head:DINKES",
        f"K-2,{'2' * 18},Budi Kepala,pns,BKPSDM,Kepala,,2020-01-01,kepala.bkpsdm,head:BKPSDM",
        f"P-1,{'3' * 18},Wahyu Staf,pns,PKM,Staf,K-1,2020-01-01,pegawai.pkm,employee:PKM",
        "P-2,,Ayu Staf,non_asn,PKM,Staf,P-1,2020-01-01,p0002,",
        "P-3,,Dewi Staf,pppk,BKPSDM,Staf,K-2,2020-01-01,pegawai.bkpsdm,employee:BKPSDM",
    ]
    answer = await ask(
        "POST",
        "/v1/imports/employees",
        content="\n".join(people).encode(),
        headers={"Content-Type": "text/csv"},
    )
    assert answer.json() == {
        "dry_run": False, "accepted": 5, "unchanged": 0, "rejected": [],
    }, answer.text  # fmt: skip
    for username, role in (
        ("auditor", "auditor"), ("jabar", "subscriber"), ("operator", "operator"),
    ):  # fmt: skip
        body = {"username": username, "grants": [{"role": role, "scope": "*"}]}
        answer = await ask("POST", "/v1/accounts", json=body)
        assert answer.status_code == 201, answer.text
    answer = await ask("POST", "/v1/accounts/initial-passwords", json={"password": PASSWORD})
    assert answer.json() == {"accounts": 8}
    return people
