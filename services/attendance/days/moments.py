"""Which moment of a check-in counts: the person's, not the server's (api.md, ``at``)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from contracts.outcome import Refusal

TRUSTED = timedelta(minutes=5)
"""How far the phone's moment may differ from the arrival without further proof."""

NONCE_VALID = timedelta(days=3)
"""How long a nonce can be redeemed."""

DRIFT_NOTED_S = 60
"""From how many seconds on a phone's clock is flagged as wrong."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The moment that counts, whether it was captured offline, and what is odd about it."""

    at: datetime
    offline: bool = False
    flags: tuple[str, ...] = ()


def effective_moment(
    *,
    received_at: datetime,
    captured_at: datetime | None = None,
    nonce_ok: bool = False,
    may_be_past: bool = False,
) -> Moment:
    """The moment that counts, in UTC and milliseconds.

    Captured within five minutes before the arrival counts as it is: a slow network makes nobody
    late. Older counts with a nonce issued before it, marked offline, or for whoever may import past
    moments. A clock up to five minutes ahead is not believed, the arrival counts and is flagged.
    """
    arrival = _stored(received_at)
    if captured_at is None:
        return Moment(arrival)
    captured = _stored(captured_at)
    age = arrival - captured
    if age < -TRUSTED:
        raise _refused("captured_in_the_future", captured_at)
    if age < timedelta():
        return Moment(arrival, flags=("clock_ahead",))
    if age <= TRUSTED or may_be_past:
        return Moment(captured)
    if not nonce_ok:
        raise _refused("captured_too_long_ago", captured_at)
    return Moment(captured, offline=True)


def nonce_covers(*, issued_at: datetime, captured_at: datetime, received_at: datetime) -> bool:
    """Whether a nonce proves a capture: issued before it, redeemed within three days of issue.

    A capture after its arrival is a matter of the phone's clock, not of the nonce.
    """
    return issued_at <= captured_at and received_at <= issued_at + NONCE_VALID


def clock_drift_s(sent_at: datetime | None, received_at: datetime) -> int | None:
    """How many seconds the phone's clock is behind, the way to us included; None if not said."""
    return None if sent_at is None else round((received_at - sent_at).total_seconds())


def drifts(drift_s: int | None) -> bool:
    """Whether a clock is so wrong that it is worth noting."""
    return drift_s is not None and abs(drift_s) >= DRIFT_NOTED_S


def _stored(moment: datetime) -> datetime:
    """In UTC, cut to the milliseconds that documents keep."""
    utc = moment.astimezone(UTC)
    return utc.replace(microsecond=utc.microsecond // 1_000 * 1_000)


def _refused(code: str, captured_at: datetime) -> Refusal:
    minutes = int(TRUSTED.total_seconds()) // 60
    return Refusal(code, captured_at=captured_at.isoformat(), limit_minutes=minutes)
