"""Bring in the demo city over the public API: ``python -m deploy.demo.city [--gateway URL]``.

Only the first administrator is made beside the API (``python -m services.directory bootstrap``);
agencies, offices, people and accounts come by the calls that a city would use. What is there
already is left as it is, so a second run changes nothing.
"""

import argparse
import asyncio
import json
import subprocess
import sys
from collections.abc import Sequence
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from deploy.demo.caller import Caller, NotDone
from deploy.demo.people import (
    ACTING_ACCOUNT,
    ACTING_HEAD_OF,
    SECOND_ACTING_ACCOUNT,
    as_csv,
    posts,
)
from deploy.demo.places import Agency, Office, agencies, levels, offices
from deploy.local.progress import Progress, fail
from deploy.local.settings import LocalSettings

ADMINISTRATOR = "admin"
CITY_ACCOUNTS = (
    ("auditor", "auditor"),
    ("operator", "operator"),
    ("jabar", "subscriber"),
    ("loader", "loader"),
)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def main(arguments: Sequence[str] | None = None) -> int:
    """Bring the city in; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m deploy.demo.city", description=__doc__)
    parser.add_argument("--gateway", help="the gateway's address, if not in endpoints.json")
    asked = parser.parse_args(arguments)
    settings, progress = LocalSettings(), Progress()
    try:
        gateway = asked.gateway or endpoints(settings)["gateway"]
        _refuse_known_password(settings, given=asked.gateway is not None)
        asyncio.run(_seed(gateway, settings.demo_password.get_secret_value(), progress))
    except (NotDone, OSError, ExceptionGroup) as error:
        return fail(f"the demo city did not come in: {reason(error)}")
    return 0


def endpoints(settings: LocalSettings) -> dict[str, Any]:
    """Where the running system of this home listens."""
    path = settings.state / "endpoints.json"
    try:
        found: dict[str, Any] = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise NotDone(f"{path} cannot be read; is the system up?") from error
    return found


def _refuse_known_password(settings: LocalSettings, *, given: bool) -> None:
    """Accounts with a password that everybody knows exist on servers of this machine only."""
    if not settings.has_default_password:
        return
    if not given:
        found = endpoints(settings)
        urls = (found["rabbitmq"]["url"], found["mongodb"])
        if all(urlsplit(url).hostname in _LOOPBACK for url in urls):
            return
    raise NotDone("the demo's password is public; choose one in SAMBATAN_DEMO_PASSWORD")


async def _seed(gateway: str, password: str, progress: Progress) -> None:
    caller = Caller(gateway)
    try:
        with progress.step("the first administrator"):
            await _come_in(caller, password)
        listed, places, rows = agencies(), offices(), posts()
        with progress.step(f"{len(listed)} agencies"):
            await _put_agencies(caller, listed)
        with progress.step(f"{len(places)} offices"):
            await _put_offices(caller, places)
        people = len({row.key for row in rows})
        with progress.step(f"{people} people with {len(rows)} posts and their accounts"):
            await _import_people(caller, as_csv(rows))
        with progress.step("accounts of the city, and first passwords"):
            await _make_accounts(caller)
            body = {"password": password}
            given = await caller.do("POST", "/v1/accounts/initial-passwords", json=body)
        progress.say(f"{given['accounts']} accounts received the demo's password")
    finally:
        await caller.close()


async def _come_in(caller: Caller, password: str) -> None:
    if await caller.sign_in(ADMINISTRATOR, password):
        return
    done = await asyncio.to_thread(
        subprocess.run,
        (sys.executable, "-m", "services.directory", "bootstrap"),
        input=password + "\n",
        text=True,
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        raise NotDone(f"the first account could not be made: {done.stderr[-500:]}")
    if not await caller.sign_in(ADMINISTRATOR, password):
        raise NotDone("the administrator exists already and has another password")


async def _put_agencies(caller: Caller, listed: list[Agency]) -> None:
    known = {each["code"] for each in await caller.items("/v1/agencies")}

    async def put(agency: Agency) -> None:
        if agency.code not in known:
            await caller.do(
                "PUT",
                f"/v1/agencies/{agency.code}",
                json=agency.body,
                headers=_once(agency.code, agency.body),
            )

    for level in levels(listed):
        await caller.each(level, put)


async def _put_offices(caller: Caller, places: list[Office]) -> None:
    known = {each["code"] for each in await caller.items("/v1/offices")}

    async def put(office: Office) -> None:
        if office.code not in known:
            await caller.do(
                "PUT",
                f"/v1/offices/{office.code}",
                json=office.body,
                headers=_once(office.code, office.body),
            )

    await caller.each(places, put)


async def _import_people(caller: Caller, text: str) -> None:
    """One file, one command: the same file again is the same command, already carried out."""
    headers = {"Content-Type": "text/csv; charset=utf-8"} | _once("people", text)
    done = await caller.do("POST", "/v1/imports/employees", content=text.encode(), headers=headers)
    if done["rejected"]:
        raise NotDone(f"people were rejected: {done['rejected'][:5]}")


async def _make_accounts(caller: Caller) -> None:
    names = [*(name for name, _ in CITY_ACCOUNTS), SECOND_ACTING_ACCOUNT]
    found = await caller.items("/v1/accounts", username=names)
    known = {each["username"] for each in found}
    acting = await caller.get(f"/v1/accounts/{ACTING_ACCOUNT}")
    wanted: list[dict[str, Any]] = [
        {"username": name, "grants": [{"role": role, "scope": "*"}]} for name, role in CITY_ACCOUNTS
    ]
    second = ACTING_HEAD_OF[1]
    grants = [{"role": "head", "scope": second}, {"role": "employee", "scope": "SETDA"}]
    wanted.append(
        {"username": SECOND_ACTING_ACCOUNT, "employee": acting["employee"], "grants": grants}
    )
    for body in wanted:
        if body["username"] not in known:
            headers = _once(body["username"], body)
            await caller.do("POST", "/v1/accounts", json=body, headers=headers)


def _once(what: str, body: Any) -> dict[str, str]:
    """A key made from what is sent, so that a repeated run repeats the answer."""
    text = body if isinstance(body, str) else json.dumps(body, sort_keys=True)
    return {"Idempotency-Key": f"demo-city:{what}:{sha256(text.encode()).hexdigest()[:32]}"}


def reason(error: BaseException) -> str:
    """Why something failed, in a line for the person at the terminal."""
    if isinstance(error, ExceptionGroup):
        return reason(error.exceptions[0])
    return f"{error}" if isinstance(error, NotDone) else repr(error)


if __name__ == "__main__":
    sys.exit(main())
