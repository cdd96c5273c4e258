"""Which form of an answer a caller prefers (RFC 9110, *Accept*)."""

from collections.abc import Sequence


def preferred(accept: str | None, offered: Sequence[str]) -> str:
    """The offered media type that the header weighs most; the first where it says nothing.

    What is not offered is passed over: a caller who accepts none of them gets the first.
    """
    best, most = offered[0], 0.0
    ranges = [_weighed(part) for part in (accept or "").split(",") if part.strip()]
    for media_type in offered:
        weight = _weight_of(media_type, ranges)
        if weight > most:
            best, most = media_type, weight
    return best


def _weight_of(media_type: str, ranges: Sequence[tuple[str, float]]) -> float:
    """The weight of the most exact range that covers the type."""
    kind = media_type.partition("/")[0]
    for covering in (media_type, f"{kind}/*", "*/*"):
        weights = [weight for name, weight in ranges if name == covering]
        if weights:
            return max(weights)
    return 0.0


def _weighed(part: str) -> tuple[str, float]:
    name, *parameters = (piece.strip() for piece in part.split(";"))
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "q":
            try:
                return name.lower(), min(1.0, max(0.0, float(value)))
            except ValueError:
                return name.lower(), 0.0
    return name.lower(), 1.0
