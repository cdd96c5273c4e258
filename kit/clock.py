"""The only place that reads the wall clock."""

from datetime import UTC, datetime


def now() -> datetime:
    """The moment, aware, in UTC, cut to milliseconds as the database keeps them."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1_000 * 1_000)
