"""Tokens of an outside OpenID Connect provider: a real key server, the real directory behind."""

import contextlib
import json
import time

import httpx
import jwt
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from gateway.app import create_app
from gateway.settings import Settings
from tests.waiting import eventually

ISSUER, AUDIENCE = "https://login.example.go.id", "sambatan"
KEPALA = "1" * 18


class Provider:
    """Signs tokens and serves its public keys; can stop answering."""

    def __init__(self):
        self.keys = {"first": rsa.generate_private_key(public_exponent=65_537, key_size=2_048)}
        self.asked = 0
        self.answers = True
        self.url = ""

    @contextlib.asynccontextmanager
    async def serving(self):
        app = web.Application()
        app.router.add_get("/jwks.json", self._tell)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/jwks.json"
        yield
        await runner.cleanup()

    async def _tell(self, _):
        self.asked += 1
        if not self.answers:
            raise web.HTTPServiceUnavailable
        keys = [
            json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key())) | {"kid": id_}
            for id_, key in self.keys.items()
        ]
        return web.json_response({"keys": keys})

    def token(self, key_id="first", *, key=None, algorithm="RS256", **changed):
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": "u-1",
            "iat": int(time.time()),
            "exp": int(time.time()) + 600,
            "nip": KEPALA,
        } | changed
        claims = {name: value for name, value in claims.items() if value is not None}
        signing = self.keys[key_id] if key is None else key
        return jwt.encode(claims, signing, algorithm=algorithm, headers={"kid": key_id})


@pytest.fixture
async def provider(city):
    provider = Provider()
    async with provider.serving():
        yield provider


@pytest.fixture
async def me(servers, provider):
    """``await me(token)``: what /v1/me answers at a gateway that knows the provider."""
    settings = Settings(
        rabbitmq_url=servers.rabbitmq_url,
        signing_key="only for this run of the tests, and long enough",
        closed_accounts_every_s=0.2,
        port=0,
        oidc_issuer=ISSUER,
        oidc_audience=AUDIENCE,
        oidc_jwks_url=provider.url,
    )
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:

            async def ask_me(token):
                return await http.get("/v1/me", headers={"Authorization": f"Bearer {token}"})

            yield ask_me


async def test_the_number_leads_to_the_account_and_its_rights(me, provider, ask):
    answer = await me(provider.token())

    told = answer.json()
    assert (answer.status_code, told["account"]) == (200, "kepala.dinkes"), answer.text
    assert told["roles"] == [{"role": "head", "scope": "DINKES"}]
    ours = (await ask.sign_in("kepala.dinkes")).json()["access_token"]
    assert (await me(ours)).json()["account"] == "kepala.dinkes"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"exp": 1_700_000_000}, "token_expired"),
        ({"aud": "another"}, "token_invalid"),
        ({"aud": None}, "token_invalid"),
        ({"exp": None}, "token_invalid"),
        ({"nip": None}, "token_invalid"),
        ({"nip": "9" * 18}, "token_invalid"),
        ({"nip": ""}, "token_invalid"),
        ({"nip": {"$ne": 1}}, "token_invalid"),
        ({"iss": "https://elsewhere.example"}, "token_invalid"),
        ({"iat": int(time.time()) + 3_600}, "token_invalid"),
    ],
)
async def test_what_is_wrong_with_a_token_is_refused(me, provider, changed, code):
    answer = await me(provider.token(**changed))

    assert (answer.status_code, answer.json()["code"]) == (401, code)


async def test_forged_tokens_are_refused(me, provider):
    stranger = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    public = provider.keys["first"].public_key().public_numbers().n.to_bytes(256, "big")
    forged = [
        provider.token(key=stranger),
        provider.token(key=public, algorithm="HS256"),
        provider.token(key="", algorithm="none"),
        provider.token(key=ec.generate_private_key(ec.SECP256R1()), algorithm="ES256"),
        provider.token()[:-6] + "AAAAAA",
    ]
    for token in forged:
        answer = await me(token)
        assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")


async def test_keys_are_asked_for_once_and_survive_a_silent_provider(me, provider):
    assert (await me(provider.token())).status_code == 200
    provider.answers = False
    assert (await me(provider.token(sub="u-2"))).status_code == 200
    stranger = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    for number in range(5):
        answer = await me(provider.token(f"made-up-{number}", key=stranger))
        assert answer.status_code == 401
    assert provider.asked == 1  # a made-up key id makes nobody ask again at once


async def test_without_any_key_the_answer_is_to_come_back_later(me, provider):
    provider.answers = False

    answer = await me(provider.token())

    assert (answer.status_code, answer.json()["code"]) == (503, "service_unavailable")


async def test_a_closed_account_is_out_within_moments(me, provider, ask):
    token = provider.token(nip="3" * 18)
    assert (await me(token)).json()["account"] == "pegawai.pkm"

    async def set_active(active):
        account = await ask("GET", "/v1/accounts/pegawai.pkm")
        headers = {"If-Match": account.headers["ETag"]}
        answer = await ask(
            "PATCH", "/v1/accounts/pegawai.pkm", json={"active": active}, headers=headers
        )
        assert answer.status_code == 200, answer.text

    await set_active(False)

    async def answered(status):
        return (await me(token)).status_code == status

    assert await eventually(lambda: answered(401), every_s=0.1)
    await set_active(True)
    assert await eventually(lambda: answered(200), every_s=0.1)
    await ask.forget("pegawai.pkm")  # the closing has ended what they had signed in to
