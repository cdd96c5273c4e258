"""Drafts and templates over the real gateway, broker and database."""

import asyncio

from tests.integration.tasks.conftest import wanted


async def test_a_draft_is_written_sent_once_and_kept(ask, heard):
    begun = await ask("POST", "/help-drafts", "kepala.asker", json={"title": "Dua orang"})
    path = f"/help-drafts/{begun.json()['id']}"
    early = await ask("POST", f"{path}/send", "kepala.asker")
    stale = await ask("PUT", path, "kepala.asker", json=wanted(), headers={"If-Match": '"9"'})
    written = await ask("PUT", path, "kepala.asker", json=wanted(), headers={"If-Match": '"1"'})
    hidden = [await ask("GET", path, by) for by in ("kepala.helper", "auditor")]
    listed = (await ask("GET", "/help-drafts", "kepala.asker")).json()["items"]

    sent = await asyncio.gather(*(ask("POST", f"{path}/send", "kepala.asker") for _ in range(4)))
    shown = (await ask("GET", path, "kepala.asker")).json()
    over = await ask("DELETE", path, "kepala.asker")

    assert (begun.status_code, begun.json()["missing"]) == (201, ["to", "description", "due"])
    assert begun.headers["location"] == f"/v1{path}"
    assert (early.status_code, len(early.json()["errors"])) == (422, 3)
    assert (stale.status_code, stale.json()["code"]) == (412, "version_conflict")
    assert (written.status_code, written.json()["missing"]) == (200, [])
    assert [answer.status_code for answer in hidden] == [404, 404]
    assert begun.json()["id"] in [item["id"] for item in listed]
    assert {answer.status_code for answer in sent} == {201}, sent[0].text
    (request,) = {answer.json()["id"] for answer in sent}
    assert shown["help_request"] == request
    assert (over.status_code, over.json()["code"]) == (409, "wrong_state")
    (event,) = await heard(request, 1)
    assert event["type"] == "tasks.help_request.requested.v1"
    types = [each["type"].split(".")[2] for each in await heard(begun.json()["id"], 3)]
    assert types == ["written", "written", "sent"]


async def test_a_draft_is_thrown_away(ask):
    begun = (await ask("POST", "/help-drafts", "kepala.asker", json={})).json()
    path = f"/help-drafts/{begun['id']}"

    gone = await ask("DELETE", path, "kepala.asker")

    assert gone.status_code == 204
    assert (await ask("GET", path, "kepala.asker")).status_code == 404
    assert (await ask("POST", f"{path}/send", "kepala.asker")).status_code == 404


async def test_an_agency_begins_from_its_templates_and_those_above_it(ask):
    terms = {
        "name": "Pendataan",
        "to": ["OTHER"],
        "title": "Petugas",
        "people": 3,
        "due_in_days": 4,
    }
    above, own = "/agencies/SETDA/help-templates", "/agencies/SECOND/help-templates"
    added = await ask("POST", above, "kepala.setda", json=terms)
    id_ = added.json()["id"]
    foreign = await ask("POST", above, "kepala.second", json=terms)

    listed = (await ask("GET", own, "kepala.second")).json()["items"]
    draft = await ask("POST", "/help-drafts", "kepala.second", json={"template": id_, "people": 1})
    elsewhere = await ask("POST", "/help-drafts", "kepala.asker", json={"template": id_})
    replaced = await ask(
        "PUT",
        f"{above}/{id_}",
        "kepala.setda",
        json=terms | {"people": 5},
        headers={"If-Match": '"1"'},
    )
    astray = await ask("DELETE", f"{own}/{id_}", "kepala.second")
    retired = await ask("DELETE", f"{above}/{id_}", "kepala.setda")
    late = await ask("POST", "/help-drafts", "kepala.second", json={"template": id_})

    assert added.status_code == 201
    assert foreign.status_code == 403
    assert [(item["id"], item["actions"]) for item in listed] == [(id_, [])]
    assert (draft.json()["title"], draft.json()["people"]) == ("Petugas", 1)
    assert draft.json()["missing"] == ["description"]
    assert (elsewhere.status_code, elsewhere.json()["errors"][0]["pointer"]) == (422, "/template")
    assert replaced.json()["people"] == 5
    assert (astray.status_code, retired.status_code) == (404, 204)
    assert late.status_code == 422


async def test_only_who_may_ask_drafts(ask):
    for by in ("ani", "admin", "petugas.other"):
        assert (await ask("POST", "/help-drafts", by, json={})).status_code == 403
        assert (await ask("GET", "/help-drafts", by)).status_code == 403
