"""Help requests and tasks."""

from tests.integration.access.calls.making import (
    NO_SUCH_VERSION,
    REASON,
    Call,
    about_agency,
    about_request,
    plain,
    with_people,
)
from tests.integration.access.world import (
    AGENCY,
    DAY,
    OTHER_AGENCY,
    UNKNOWN,
    help_request,
)

LEVELS = {
    "effective_from": "2091-01-01",
    "response_minutes": {"low": 480, "normal": 240, "high": 120, "urgent": 30},
}

CALLS: dict[str, Call] = {
    "GET /v1/insights/help": plain(
        "/v1/insights/help", params={"from": "2026-11-01", "to": "2026-11-30"}
    ),
    "GET /v1/insights/waiting": plain("/v1/insights/waiting"),
    "GET /v1/load": plain("/v1/load", params={"agency": AGENCY}),
    "GET /v1/help-suggestions": plain("/v1/help-suggestions", params={"skills": "data"}),
    "GET /v1/help-requests/{id}/suggestions": about_request("/suggestions"),
    "GET /v1/notifications": plain("/v1/notifications"),
    "POST /v1/notifications/read": plain(
        "/v1/notifications/read", json={"until": "2026-01-01T00:00:00Z"}
    ),
    "GET /v1/me/notification-preferences": plain("/v1/me/notification-preferences"),
    "PUT /v1/me/notification-preferences": plain(
        "/v1/me/notification-preferences", json={"items": []}, headers=NO_SUCH_VERSION
    ),
    "GET /v1/agencies/{code}/service-levels": about_agency("/v1/agencies/{code}/service-levels"),
    "GET /v1/agencies/{code}/overdue-digests": about_agency("/v1/agencies/{code}/overdue-digests"),
    "POST /v1/agencies/{code}/service-levels": about_agency(
        "/v1/agencies/{code}/service-levels", json=LEVELS
    ),
    "GET /v1/help-requests": plain("/v1/help-requests"),
    "POST /v1/help-requests": plain("/v1/help-requests", json=help_request(OTHER_AGENCY)),
    "GET /v1/help-requests/{id}": about_request(""),
    "PATCH /v1/help-requests/{id}": about_request("", json={"people": 2}, headers=NO_SUCH_VERSION),
    "GET /v1/help-requests/{id}/timeline": about_request("/timeline"),
    "GET /v1/help-requests/{id}/assignment.pdf": about_request("/assignment.pdf"),
    "POST /v1/help-requests/{id}/start": about_request("/start"),
    "GET /v1/help-requests/{id}/comments": about_request("/comments"),
    "POST /v1/help-requests/{id}/comments": about_request("/comments", json={"text": "Uji."}),
    "POST /v1/help-requests/{id}/attachments": about_request(
        "/attachments", json={"upload": UNKNOWN}
    ),
    "POST /v1/help-requests/{id}/approve": about_request("/approve", json={}),
    "POST /v1/help-requests/{id}/reject": about_request("/reject", **REASON),
    "GET /v1/help-drafts": plain("/v1/help-drafts"),
    "POST /v1/help-drafts": plain("/v1/help-drafts", json={"asking_agency": AGENCY}),
    "GET /v1/help-drafts/{id}": plain(f"/v1/help-drafts/{UNKNOWN}"),
    "PUT /v1/help-drafts/{id}": plain(
        f"/v1/help-drafts/{UNKNOWN}", json={}, headers=NO_SUCH_VERSION
    ),
    "DELETE /v1/help-drafts/{id}": plain(f"/v1/help-drafts/{UNKNOWN}"),
    "POST /v1/help-drafts/{id}/send": plain(f"/v1/help-drafts/{UNKNOWN}/send"),
    "GET /v1/agencies/{code}/help-templates": about_agency("/v1/agencies/{code}/help-templates"),
    "POST /v1/agencies/{code}/help-templates": about_agency(
        "/v1/agencies/{code}/help-templates", json={"name": "Uji matriks akses"}
    ),
    "PUT /v1/agencies/{code}/help-templates/{id}": about_agency(
        f"/v1/agencies/{{code}}/help-templates/{UNKNOWN}",
        json={"name": "Uji matriks akses"},
        headers=NO_SUCH_VERSION,
    ),
    "DELETE /v1/agencies/{code}/help-templates/{id}": about_agency(
        f"/v1/agencies/{{code}}/help-templates/{UNKNOWN}"
    ),
    "GET /v1/agencies/{code}/acceptance-rules": about_agency(
        "/v1/agencies/{code}/acceptance-rules"
    ),
    "POST /v1/agencies/{code}/acceptance-rules": about_agency(
        "/v1/agencies/{code}/acceptance-rules",
        json={"effective_from": "2091-01-01", "people_over": 2},
    ),
    "POST /v1/help-requests/{id}/assign": with_people("/assign"),
    "POST /v1/help-requests/{id}/log": about_request("/log", json={"minutes": 5, "note": "Uji."}),
    "POST /v1/help-requests/{id}/deliver": about_request(
        "/deliver", json={"summary": "Uji.", "links": []}
    ),
    "POST /v1/help-requests/{id}/confirm": about_request(
        "/confirm", json={"rating": 5, "thanks": "Terima kasih."}
    ),
    "POST /v1/help-requests/{id}/return": about_request("/return", **REASON),
    "POST /v1/help-requests/{id}/answer": about_request("/answer", json={"text": "Ya."}),
    "POST /v1/help-requests/{id}/ask": about_request("/ask", json={"question": "Kapan?"}),
    "POST /v1/help-requests/{id}/accept": with_people("/accept"),
    "POST /v1/help-requests/{id}/hand-on": about_request(
        "/hand-on", json={"to": "BPKAD", "reason": "Uji."}
    ),
    "POST /v1/help-requests/{id}/decline": about_request("/decline", **REASON),
    "POST /v1/help-requests/{id}/withdraw": about_request("/withdraw", **REASON),
    "POST /v1/imports/help-requests": plain(
        "/v1/imports/help-requests",
        json={
            "items": [
                help_request(OTHER_AGENCY)
                | {"asking_agency": AGENCY, "requested_at": f"{DAY}T08:00:00+07:00"}
            ]
        },
    ),
}
