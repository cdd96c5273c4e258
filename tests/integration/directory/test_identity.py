"""Accounts, sessions and delegations over the real gateway, broker and database."""

import asyncio

from services.directory.employees.store import id_of_key
from tests.integration.directory.conftest import PASSWORD
from tests.waiting import eventually


async def refresh(ask, token):
    return await ask.http.post("/v1/session/refresh", json={"refresh_token": token})


async def test_a_session_says_who_is_there_and_with_which_rights(ask, city):
    me = (await ask("GET", "/v1/me", by="kepala.dinkes")).json()
    assert me["account"] == "kepala.dinkes"
    assert me["employee"]["name"] == "Sri Kepala"
    assert (me["agency"], me["nip"]) == ("DINKES", "1" * 18)
    assert me["roles"] == [{"role": "head", "scope": "DINKES"}]
    assert me["password_is_initial"] is True
    assert [post["agency"] for post in me["assignments"]] == ["DINKES"]
    assert (await ask("GET", "/v1/me", by="auditor")).json()["employee"] is None


async def test_wrong_passwords_and_unknown_accounts_look_the_same(ask, city):
    wrong = await ask.sign_in("pegawai.bkpsdm", "nope")
    unknown = await ask.sign_in("nobody.at.all", "nope")
    for answer in (wrong, unknown):
        assert (answer.status_code, answer.json()["code"]) == (401, "bad_credentials")


async def test_guessing_is_slowed_and_others_are_not(ask, city):
    answers = [await ask.sign_in("guessed", f"guess-{place}") for place in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert (await ask.sign_in("pegawai.bkpsdm")).status_code == 201


async def test_a_hundred_guesses_at_once_are_not_a_hundred_free_ones(ask, city):
    tries = (ask.sign_in("guessed.at.once", f"guess-{place}") for place in range(25))
    statuses = [answer.status_code for answer in await asyncio.gather(*tries)]
    late = statuses.count(503)  # what a slow machine does not answer in time; it was free to nobody
    assert statuses.count(401) <= 5
    assert statuses.count(429) + statuses.count(401) + late == 25
    assert statuses.count(429) >= 5


async def test_refresh_tokens_rotate_forgive_once_and_end_when_two_hold_one(ask, city):
    first = (await ask.sign_in("p0002")).json()["refresh_token"]
    second = (await refresh(ask, first)).json()["refresh_token"]
    again = await refresh(ask, first)
    assert again.status_code == 200
    third = (await refresh(ask, second)).json()["refresh_token"]
    stolen = await refresh(ask, first)
    assert (stolen.status_code, stolen.json()["code"]) == (401, "token_invalid")
    assert (await refresh(ask, third)).status_code == 401
    for token in ("", "x", "a.b", first + "x"):
        assert (await refresh(ask, token)).status_code in {401, 422}


async def test_signing_out_ends_the_session(ask, city):
    opened = (await ask.sign_in("p0002")).json()
    headers = {"Authorization": f"Bearer {opened['access_token']}"}
    assert (await ask.http.delete("/v1/session", headers=headers)).status_code == 204
    assert (await refresh(ask, opened["refresh_token"])).status_code == 401


async def test_a_closed_account_is_out_at_once_and_stays_out_when_reopened(ask, city):
    opened = (await ask.sign_in("p0002")).json()
    headers = {"Authorization": f"Bearer {opened['access_token']}"}
    assert (await ask.http.get("/v1/me", headers=headers)).status_code == 200
    path = "/v1/accounts/p0002"
    etag = (await ask("GET", path, by="kepala.dinkes")).headers["ETag"]
    closed = await ask(
        "PATCH", path, by="kepala.dinkes", json={"active": False}, headers={"If-Match": etag}
    )
    assert (closed.status_code, closed.json()["active"]) == (200, False)

    async def refused():
        return (await ask.http.get("/v1/me", headers=headers)).status_code == 401

    await eventually(refused, within_s=5)
    assert (await ask.sign_in("p0002")).json()["code"] == "bad_credentials"
    again = await ask(
        "PATCH", path, json={"active": True}, headers={"If-Match": closed.headers["ETag"]}
    )
    assert again.json()["active"] is True
    assert (await refresh(ask, opened["refresh_token"])).json()["code"] == "token_invalid"
    assert (await ask.sign_in("p0002")).status_code == 201


async def test_rights_are_given_by_the_administrator_alone_and_never_to_oneself(ask, city):
    path = "/v1/accounts/pegawai.bkpsdm"
    etag = {"If-Match": (await ask("GET", path)).headers["ETag"]}
    grants = {"grants": [{"role": "auditor", "scope": "*"}]}
    for by, status in (("kepala.bkpsdm", 403), ("kepala.dinkes", 404), ("jabar", 404)):
        answer = await ask("PATCH", path, by=by, json=grants, headers=etag)
        assert answer.status_code == status, by
    own = (await ask("GET", "/v1/accounts/admin")).headers["ETag"]
    answer = await ask(
        "PATCH", "/v1/accounts/admin", json={"active": False}, headers={"If-Match": own}
    )
    assert answer.json()["code"] == "forbidden"
    senseless = {"grants": [{"role": "head", "scope": "*"}]}
    answer = await ask("PATCH", path, json=senseless, headers=etag)
    assert answer.json()["errors"][0]["pointer"] == "/grants/0"


async def test_accounts_are_listed_for_those_who_administer_them(ask, city):
    async def names(by):
        return {
            each["username"] for each in (await ask("GET", "/v1/accounts", by=by)).json()["items"]
        }

    assert {"admin", "kepala.dinkes", "pegawai.pkm"} <= await names("admin")
    assert await names("kepala.dinkes") == {"kepala.dinkes", "pegawai.pkm", "p0002"}
    assert (await ask("GET", "/v1/accounts", by="pegawai.pkm")).status_code == 403


async def test_a_new_password_ends_every_session(ask, city):
    body = {"username": "changer", "employee": id_of_key("P-2"),
            "grants": [{"role": "employee", "scope": "PKM"}]}  # fmt: skip
    assert (await ask("POST", "/v1/accounts", json=body)).status_code == 201
    set_ = await ask(
        "POST",
        "/v1/accounts/initial-passwords",
        json={"password": PASSWORD, "usernames": ["changer", "admin"]},
    )
    assert set_.json() == {"accounts": 1}
    opened = (await ask.sign_in("changer")).json()
    path, new = "/v1/accounts/me/password", "kata sandi yang baru"
    wrong = await ask("POST", path, by="changer",
                      json={"current_password": "nope", "new_password": new})  # fmt: skip
    assert wrong.json()["code"] == "bad_credentials"
    right = await ask("POST", path, by="changer",
                      json={"current_password": PASSWORD, "new_password": new})  # fmt: skip
    assert right.status_code == 204
    assert (await refresh(ask, opened["refresh_token"])).status_code == 401
    assert (await ask.sign_in("changer")).status_code == 401
    assert (await ask.sign_in("changer", new)).status_code == 201


async def test_a_delegation_is_given_shown_and_revoked(ask, city):
    body = {"to": id_of_key("P-1"), "rights": ["approve"], "from": "2020-01-01",
            "until": "2099-12-31", "decree": "800/2"}  # fmt: skip
    made = await ask("POST", "/v1/delegations", by="kepala.dinkes", json=body)
    assert made.status_code == 201, made.text
    assert made.json()["to"]["name"] == "Wahyu Staf"
    me = (await ask("GET", "/v1/me", by="pegawai.pkm")).json()
    assert [each["delegator"]["name"] for each in me["delegations"]] == ["Sri Kepala"]
    path = f"/v1/delegations/{made.json()['id']}"
    assert (await ask("DELETE", path, by="pegawai.bkpsdm")).status_code == 404
    assert (await ask("DELETE", path, by="pegawai.pkm")).status_code == 403
    assert (await ask("DELETE", path, by="kepala.dinkes")).json()["revoked_at"]
    assert (await ask("GET", "/v1/me", by="pegawai.pkm")).json()["delegations"] == []
    listed = (await ask("GET", "/v1/delegations", by="kepala.dinkes")).json()["items"]
    assert [each["id"] for each in listed] == [made.json()["id"]]
    assert (await ask("POST", "/v1/delegations", by="jabar", json=body)).status_code == 403


async def test_a_deputy_acts_for_the_head_only_in_what_was_delegated(ask, city):
    head, stranger = id_of_key("K-1"), id_of_key("K-2")
    body = {"to": id_of_key("P-1"), "rights": ["administer"], "from": "2020-01-01",
            "until": "2099-12-31", "decree": "800/3"}  # fmt: skip
    made = await ask("POST", "/v1/delegations", by="kepala.dinkes", json=body)

    async def accounts_for(person):
        headers = {"X-On-Behalf-Of": person} if person else {}
        return await ask("GET", "/v1/accounts", by="pegawai.pkm", headers=headers)

    assert (await accounts_for(None)).status_code == 403
    assert (await accounts_for(head)).status_code == 200
    assert (await accounts_for(stranger)).status_code == 403
    assert (await accounts_for("not an id!")).status_code == 422
    await ask("DELETE", f"/v1/delegations/{made.json()['id']}", by="kepala.dinkes")
    assert (await accounts_for(head)).status_code == 403


async def test_the_account_of_a_kiosk_holds_for_an_office_that_exists(ask, city):
    def account(scope):
        grants = [{"role": "kiosk", "scope": scope}]
        return {"username": f"kiosk.{scope.lower().strip('*') or 'city'}", "grants": grants}

    circle = {"lat": -7.569192, "lon": 110.829658, "radius_m": 150}
    office = {"name": "Loket", "boundary": {"circle": circle}, "from": "2026-01-01"}
    assert (await ask("PUT", "/v1/offices/LOKET", json=office)).status_code == 201
    made = await ask("POST", "/v1/accounts", json=account("LOKET"))
    assert made.status_code == 201, made.text
    assert made.json()["grants"] == [{"role": "kiosk", "scope": "LOKET"}]
    for scope in ("TIDAKADA", "*", "DINKES"):  # an agency is not an office
        refused = await ask("POST", "/v1/accounts", json=account(scope))
        assert refused.status_code == 422, refused.text
        assert refused.json()["errors"][0]["pointer"] == "/grants/0"
