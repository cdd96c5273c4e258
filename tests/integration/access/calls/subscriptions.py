"""The feed and subscriptions."""

from uuid import uuid4

from tests.integration.access.calls.making import (
    Call,
    about_subscription,
    fresh,
    plain,
)

CALLS: dict[str, Call] = {
    "GET /v1/events": plain("/v1/events", params={"limit": "1"}),
    "GET /v1/subscriptions": plain("/v1/subscriptions"),
    "POST /v1/subscriptions": fresh(
        "/v1/subscriptions",
        lambda _: {
            "name": f"matriks-{uuid4().hex[:8]}",
            "types": ["tasks.*"],
            "delivery": {"feed": {}},
        },
    ),
    "GET /v1/subscriptions/{id}": about_subscription(""),
    "POST /v1/subscriptions/{id}/pause": about_subscription("/pause"),
    "POST /v1/subscriptions/{id}/resume": about_subscription("/resume"),
    "POST /v1/subscriptions/{id}/replay": about_subscription("/replay", json={"after": "earliest"}),
    "POST /v1/subscriptions/{id}/rotate-secret": about_subscription("/rotate-secret"),
    "GET /v1/subscriptions/{id}/deliveries": about_subscription("/deliveries"),
    "POST /v1/subscriptions/{id}/test": about_subscription("/test"),
    "DELETE /v1/subscriptions/{id}": about_subscription(""),
    "GET /v1/events/stream": plain("/v1/events/stream"),
}
