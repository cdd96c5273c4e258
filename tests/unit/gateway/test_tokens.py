"""Access tokens: forged, expired, closed, and good ones."""

from time import time

import jwt
import pytest

from contracts.envelope import Actor, Answer
from contracts.identity import ClosedAccount, ClosedAccounts
from contracts.outcome import Refusal
from gateway.identity.keys import Keys
from gateway.identity.tokens import AUDIENCE, ISSUER, Tokens
from gateway.settings import Settings
from kit.clock import now

ACTOR = Actor(account="auditor")


def a_keyring(signing="k" * 40, retired=""):
    return Keys.of(
        Settings.model_validate(
            {"rabbitmq_url": "amqp://x", "signing_key": signing, "retired_signing_keys": retired}
        )
    )


def test_a_token_says_who_asks():
    tokens = Tokens(a_keyring(), 300)

    identity = tokens.read(tokens.sign(ACTOR, session="s", rights_as_of=5))

    assert identity.actor == ACTOR
    assert (identity.session, identity.rights_as_of) == ("s", 5)


def test_a_token_of_a_retired_key_still_counts():
    old = Tokens(a_keyring("o" * 40), 300).sign(ACTOR, session="s", rights_as_of=5)

    identity = Tokens(a_keyring("n" * 40, retired="o" * 40), 300).read(old)

    assert identity.actor == ACTOR


def test_a_token_of_an_unknown_key_is_not_valid():
    foreign = Tokens(a_keyring("f" * 40), 300).sign(ACTOR, session="s", rights_as_of=5)

    with pytest.raises(Refusal, match="token_invalid"):
        Tokens(a_keyring(), 300).read(foreign)


def test_a_remembered_token_expires_all_the_same():
    tokens = Tokens(a_keyring(), -1)
    token = Tokens(a_keyring(), 1).sign(ACTOR, session="s", rights_as_of=5)
    tokens.read(token)

    tokens._known[token] = tokens._known[token].__class__(ACTOR, "s", 5, time() - 1)

    with pytest.raises(Refusal, match="token_expired"):
        tokens.read(token)


def _claims(**changes):
    moment = int(time())
    return {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "admin",
        "sid": "s",
        "as_of": 1,
        "iat": moment,
        "exp": moment + 24 * 3_600,
        "actor": {},
    } | changes


@pytest.mark.parametrize(
    ("claims", "algorithm", "code"),
    [
        (_claims(exp=int(time()) - 10), "HS256", "token_expired"),
        (_claims(aud="elsewhere"), "HS256", "token_invalid"),
        (_claims(iss="somebody"), "HS256", "token_invalid"),
        (_claims(actor="admin"), "HS256", "token_invalid"),
        (_claims(actor={"grants": [{"role": "king"}]}), "HS256", "token_invalid"),
        (_claims(), "none", "token_invalid"),
        ({"sub": "admin"}, "HS256", "token_invalid"),
    ],
    ids=["expired", "audience", "issuer", "no actor", "unknown role", "unsigned", "bare"],
)
def test_a_token_that_is_wrong_in_any_way_is_refused(claims, algorithm, code):
    keys = a_keyring()
    key = keys.signing if algorithm == "HS256" else None
    token = jwt.encode(claims, key, algorithm=algorithm, headers={"kid": keys.current})

    with pytest.raises(Refusal, match=code):
        Tokens(keys, 300).read(token)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é.é.é", "x" * 20_000, "eyJ.eyJ."])
def test_what_is_no_token_at_all_is_not_valid(token):
    with pytest.raises(Refusal, match="token_invalid"):
        Tokens(a_keyring(), 300).read(token)


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic abc", "Bearer a.b.c"])
async def test_a_call_without_a_good_token_is_401(anonymous, header):
    headers = {} if header is None else {"Authorization": header}

    answer = await anonymous.get("/v1/me", headers=headers)

    assert answer.status_code == 401
    assert answer.json()["code"] == "token_invalid"
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_rights_read_before_the_account_changed_no_longer_count(app, anonymous, sign_token):
    changed_at = now()
    before = int(changed_at.timestamp() * 1_000) - 1

    async def tell(_):
        closed = ClosedAccount(account="pegawai.dinkes", at=changed_at)
        told = ClosedAccounts(items=(closed,), as_of=changed_at)
        return Answer(result=told.model_dump_json())

    await app.state.desk.closed.refresh(tell)
    stale = {"Authorization": f"Bearer {sign_token(rights_as_of=before)}"}
    fresh = {"Authorization": f"Bearer {sign_token(rights_as_of=before + 1)}"}

    assert (await anonymous.get("/v1/me", headers=stale)).status_code == 401
    assert (await anonymous.get("/v1/me", headers=fresh)).status_code == 200


async def test_the_list_of_closed_accounts_outlives_a_silent_directory(app):
    closed = app.state.desk.closed
    changed_at = now()

    async def tell(_):
        told = ClosedAccounts(items=(ClosedAccount(account="x", at=changed_at),), as_of=changed_at)
        return Answer(result=told.model_dump_json())

    async def mumble(_):
        return Answer(result="{}")

    await closed.refresh(tell)
    await closed.refresh(mumble)

    assert closed.refuses("x", 0)


async def test_an_account_that_asks_too_often_is_told_when_to_come_back(client):
    answers = [await client.get("/v1/me") for _ in range(60)]

    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert refused[0].json()["code"] == "rate_limited"
    assert int(refused[0].headers["retry-after"]) >= 1
    assert refused[0].headers["ratelimit"].startswith('"account";r=0')


def test_a_provider_is_named_whole_or_not_at_all():
    base = {"rabbitmq_url": "amqp://x", "signing_key": "k" * 40}
    with pytest.raises(ValueError, match="go together"):
        Settings.model_validate(base | {"oidc_issuer": "https://login.example"})
