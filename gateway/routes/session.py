"""Coming in, staying, leaving."""

from fastapi import APIRouter, Request
from pydantic import AwareDatetime, ConfigDict, Field
from starlette.responses import Response

from contracts.envelope import Actor, Answer, QueryBody, Value
from contracts.identity import Attempt, Refresh, SignedIn, SignIn, SignOut
from gateway.arrival import arrival_of
from gateway.call import Call
from gateway.desk import ANONYMOUS, Desk
from gateway.problems import answers, respond

router = APIRouter(prefix="/v1/session", tags=["session"])


class Credentials(Value):
    """Who wants to come in."""

    username: Attempt
    password: Attempt = Field(repr=False)

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"username": "kepala.bkpsdm", "password": "gotong-royong"}]}
    )


class RefreshToken(Value):
    """The refresh token of the last answer; it is used up by this call."""

    refresh_token: str = Field(min_length=1, max_length=500, repr=False)

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"refresh_token": "0193b0c4-6d5e.kY3hQ"}]}
    )


class SessionTokens(Value):
    """An access token for a few minutes, and the refresh token for the next one."""

    access_token: str
    refresh_token: str
    token_type: str = "Bearer"  # noqa: S105  # the name of a scheme
    expires_in: int
    refresh_expires_at: AwareDatetime


@router.post(
    "",
    status_code=201,
    summary="Sign in",
    responses=answers(SessionTokens, "bad_credentials", status=201),
)
async def sign_in(credentials: Credentials, request: Request) -> Response:
    """Open a session with user name and password."""
    body = SignIn(
        username=credentials.username, password=credentials.password, address=_address(request)
    )
    return await _open(request, body, status=201)


@router.post("/refresh", summary="Go on with a session", responses=answers(SessionTokens))
async def refresh_session(token: RefreshToken, request: Request) -> Response:
    """Exchange the refresh token for a new pair; a token that was used before ends the session."""
    body = Refresh(refresh_token=token.refresh_token, address=_address(request))
    return await _open(request, body, status=200)


@router.delete("", status_code=204, summary="Sign out", responses=answers(None, status=204))
async def sign_out(call: Call) -> Response:
    """End the session; its access token runs out within minutes, its refresh token now."""
    answer = await call.ask(SignOut(session=call.session))
    return call.tell(answer) if answer.problem else Response(status_code=204)


async def _open(request: Request, body: QueryBody, *, status: int) -> Response:
    arrival = arrival_of(request.scope)
    desk: Desk = request.app.state.desk
    answer = await desk.bus.query(
        body,
        actor=ANONYMOUS,
        received_at=arrival.received_at,
        correlation_id=arrival.request_id,
        language=arrival.language,
    )
    if answer.problem is not None:
        return respond(arrival, answer.problem, headers=_retry_after(answer))
    tokens = _tokens(desk, SignedIn.model_validate_json(answer.result or ""))
    return Response(tokens.model_dump_json(), status, media_type="application/json")


def _tokens(desk: Desk, signed_in: SignedIn) -> SessionTokens:
    actor = Actor(
        account=signed_in.account,
        employee=signed_in.employee,
        agency=signed_in.agency,
        grants=signed_in.grants,
    )
    as_of = round(signed_in.as_of.timestamp() * 1_000)
    return SessionTokens(
        access_token=desk.tokens.sign(actor, session=signed_in.session, rights_as_of=as_of),
        refresh_token=signed_in.refresh_token,
        expires_in=desk.tokens.lifetime_s,
        refresh_expires_at=signed_in.refresh_expires_at,
    )


def _retry_after(answer: Answer) -> dict[str, str] | None:
    wait_s = answer.problem.facts.get("retry_after_s") if answer.problem else None
    return None if wait_s is None else {"Retry-After": str(wait_s)}


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
