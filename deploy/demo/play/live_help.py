"""One help request through all its states, by the people themselves, now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from deploy.demo.caller import NotDone
from deploy.demo.play.cast import Cast
from deploy.demo.play.deeds import HELP, Company, Player, key_of
from deploy.demo.play.workday import CITY, today

ASKING, HELPING = "BKPSDM", "DISKOMINFOSP"
_DUE_IN = timedelta(days=4)
STATES = {
    "request": "requested",
    "ask": "clarifying",
    "answer": "requested",
    "accept": "accepted",
    "assign": "accepted",
    "start": "in_progress",
    "log": "in_progress",
    "deliver": "delivered",
    "return": "in_progress",
    "confirm": "confirmed",
}
"""The state that follows each action here."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The request as it ended, its time line and the size of its assignment record."""

    request: dict[str, Any]
    actions: tuple[str, ...]
    record_bytes: int
    helpers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    action: str
    by: Player
    body: Mapping[str, Any]


async def play(company: Company, cast: Cast) -> Outcome:
    """Ask, clarify, accept, work, deliver, return, deliver again, confirm with a rating."""
    asker = await company.player(f"kepala.{ASKING.lower()}")
    sent = [cast.by_account(f"pegawai.{HELPING.lower()}")]
    others = [each for each in cast.staff(HELPING, 3) if each.id != sent[0].id]
    helpers = [sent[0].id, others[0].id]
    steps = await _steps(company, asker, helpers)
    answered = await _ask(asker)
    id_, etag, view = answered.document, answered.etag, answered.result or {}
    for place, step in enumerate(steps):
        deed = await step.by.accepted(
            HELP,
            f"/v1/help-requests/{id_}/{step.action}",
            key=key_of("live", id_, str(place), step.action, body=step.body),
            body=step.body,
            if_match=etag,
        )
        etag, view = deed.etag, deed.result or {}
        if view["state"] != STATES[step.action]:
            raise NotDone(f"help request {id_} is {view['state']} after {step.action}")
    return await _look(asker, id_, view, ("request", *(step.action for step in steps)), helpers)


async def _ask(asker: Player) -> Any:
    due = datetime.combine(today() + _DUE_IN, time(14), CITY)
    body = {
        "to": [HELPING],
        "title": "Memindahkan data pegawai ke aplikasi baru",
        "description": "Dua orang selama tiga hari; data sudah dirapikan.",
        "skills": ["basis data"],
        "people": 2,
        "due": due.isoformat(),
        "priority": "normal",
    }
    key = key_of("live", today().isoformat(), body=body)
    return await asker.accepted(HELP, "/v1/help-requests", key=key, body=body)


async def _steps(company: Company, asker: Player, helpers: list[str]) -> list[_Step]:
    head = await company.player(f"kepala.{HELPING.lower()}")
    worker = await company.player(f"pegawai.{HELPING.lower()}")
    return [
        _Step("ask", head, {"question": "Perlu membawa laptop sendiri?"}),
        _Step("answer", asker, {"text": "Tidak, sudah disediakan."}),
        _Step("accept", head, {"people": helpers[:1]}),
        _Step("assign", head, {"people": helpers}),
        _Step("start", worker, {}),
        _Step("log", worker, {"minutes": 90, "note": "Impor 400 baris pertama."}),
        _Step("deliver", worker, {"summary": "400 baris sudah masuk.", "links": []}),
        _Step("return", asker, {"reason": "Masih kurang 212 baris."}),
        _Step("log", worker, {"minutes": 45, "note": "Sisanya."}),
        _Step("deliver", worker, {"summary": "Seluruh 612 baris sudah masuk.", "links": []}),
        _Step("confirm", asker, {"rating": 5, "thanks": "Matur nuwun sanget."}),
    ]


async def _look(
    asker: Player, id_: str, view: dict[str, Any], wanted: tuple[str, ...], helpers: list[str]
) -> Outcome:
    """The time line must tell what was done, and the assignment record must be a document."""
    told = await asker.caller.get(f"/v1/help-requests/{id_}/timeline")
    actions = tuple(item["action"] for item in told["items"])
    if actions != wanted:
        raise NotDone(f"the time line of {id_} says {actions}, done was {wanted}")
    record = await asker.caller.call("GET", f"/v1/help-requests/{id_}/assignment.pdf")
    if not record.is_success or not record.content.startswith(b"%PDF"):
        raise NotDone(f"the assignment record of {id_}: {record.status_code} {record.text[:200]}")
    return Outcome(view, actions, len(record.content), tuple(helpers))
