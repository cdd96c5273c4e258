"""What is asked for and decided: absences, corrections, work elsewhere, acts."""

from typing import Any

from tests.integration.access.calls.making import (
    ASKED,
    NOTE,
    Call,
    Sent,
    about_agency,
    about_asked,
    about_person_in_body,
    asking,
    plain,
)
from tests.integration.access.world import (
    AGENCY,
    DAY,
)


def _objection(person: str) -> dict[str, Any]:
    """To a day of which nothing is known: 422 tells that one may object for the person."""
    return {
        "about": {"day": {"employee_id": person, "date": "2020-01-06"}},
        "reason": "Uji.",
        "remedy": {"excuse": "lateness"},
    }


CALLS: dict[str, Call] = {
    "GET /v1/absence-kinds": plain("/v1/absence-kinds"),
    "POST /v1/absence-kinds": plain(
        "/v1/absence-kinds",
        json={
            "code": "uji_matriks",
            "name": "Uji matriks",
            "name_en": "Matrix test",
            "counts_as": "excused",
            "day_status": "leave",
            "offered": False,
            "effective_from": "2091-01-01",
            "decree": "Uji matriks akses.",
        },
    ),
    "GET /v1/agencies/{code}/work-elsewhere-policies": about_agency(
        "/v1/agencies/{code}/work-elsewhere-policies"
    ),
    "POST /v1/agencies/{code}/work-elsewhere-policies": about_agency(
        "/v1/agencies/{code}/work-elsewhere-policies",
        json={
            "most_a_week": 2,
            "most_percent": 50,
            "effective_from": "2091-01-01",
            "decree": "Uji matriks akses.",
        },
    ),
    "GET /v1/absences": plain("/v1/absences"),
    "POST /v1/absences": asking(
        "/v1/absences", kind="tidak_ada", **{"from": "2031-01-06", "to": "2031-01-06"}
    ),
    "GET /v1/absences/{id}": about_asked("absences"),
    "POST /v1/absences/{id}/approve": about_asked("absences", "/approve", **NOTE),
    "POST /v1/absences/{id}/reject": about_asked("absences", "/reject", **NOTE),
    "POST /v1/absences/{id}/withdraw": about_asked("absences", "/withdraw", **NOTE),
    "POST /v1/imports/absences": plain(
        "/v1/imports/absences",
        params={"dry_run": "true"},
        content=b"number,nip,kind,from,to\nM-1,199001012020011001,annual_leave,2031-01-06,2031-01-06\n",
        headers={"Content-Type": "text/csv"},
    ),
    "GET /v1/corrections": plain("/v1/corrections"),
    "POST /v1/corrections": asking("/v1/corrections", date=DAY, reason="Uji."),
    "GET /v1/corrections/{id}": about_asked("corrections"),
    "POST /v1/corrections/{id}/approve": about_asked("corrections", "/approve", **NOTE),
    "POST /v1/corrections/{id}/reject": about_asked("corrections", "/reject", **NOTE),
    "POST /v1/corrections/{id}/withdraw": about_asked("corrections", "/withdraw", **NOTE),
    "GET /v1/objections": plain("/v1/objections"),
    "POST /v1/objections": about_person_in_body("/v1/objections", _objection),
    "GET /v1/objections/{id}": about_asked("objections"),
    "POST /v1/objections/{id}/approve": about_asked("objections", "/approve", **NOTE),
    "POST /v1/objections/{id}/reject": about_asked("objections", "/reject", **NOTE),
    "POST /v1/objections/{id}/withdraw": about_asked("objections", "/withdraw", **NOTE),
    "GET /v1/approvals": plain("/v1/approvals"),
    "POST /v1/approvals/decide": Call(
        ASKED,
        lambda world, _role, kind: Sent(
            "/v1/approvals/decide",
            {
                "json": {
                    "items": [
                        {
                            "id": world.asked["absences"][kind],
                            "version": 999_999,
                            "decision": "approve",
                        }
                    ]
                }
            },
        ),
    ),
    "GET /v1/work-elsewhere": plain("/v1/work-elsewhere"),
    "POST /v1/work-elsewhere": asking("/v1/work-elsewhere", date="2020-01-06", plan="Uji."),
    "GET /v1/work-elsewhere/{id}": about_asked("work-elsewhere"),
    "POST /v1/work-elsewhere/{id}/approve": about_asked("work-elsewhere", "/approve", **NOTE),
    "POST /v1/work-elsewhere/{id}/reject": about_asked("work-elsewhere", "/reject", **NOTE),
    "POST /v1/work-elsewhere/{id}/withdraw": about_asked("work-elsewhere", "/withdraw", **NOTE),
    "POST /v1/work-elsewhere/{id}/report": about_asked(
        "work-elsewhere", "/report", json={"output": "Uji."}
    ),
    "GET /v1/general-acts": plain("/v1/general-acts"),
    "POST /v1/general-acts": plain(
        "/v1/general-acts",
        json={
            "effect": "excuse_lateness",
            "scope": {"agencies": [AGENCY]},
            "from": "2031-01-06",
            "to": "2031-01-06",
            "reason": "Uji matriks akses.",
        },
    ),
    "GET /v1/general-acts/{id}": about_asked("general-acts"),
    "POST /v1/general-acts/{id}/approve": about_asked("general-acts", "/approve", **NOTE),
    "POST /v1/general-acts/{id}/reject": about_asked("general-acts", "/reject", **NOTE),
    "POST /v1/general-acts/{id}/revoke": about_asked("general-acts", "/revoke", **NOTE),
}
