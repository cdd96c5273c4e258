"""Biometric machines and their files."""

from uuid import uuid4

from tests.integration.access.calls.making import (
    NO_SUCH_VERSION,
    Call,
    fresh,
    plain,
)
from tests.integration.access.world import (
    DAY,
    UNKNOWN,
)

CALLS: dict[str, Call] = {
    "GET /v1/devices": plain("/v1/devices"),
    "POST /v1/devices": fresh(
        "/v1/devices",
        lambda _: {"serial": f"M{uuid4().hex[:10].upper()}", "office": "BALAIKOTA"},
    ),
    "GET /v1/devices/{serial}": plain("/v1/devices/TIDAKADA"),
    "PATCH /v1/devices/{serial}": plain(
        "/v1/devices/TIDAKADA", json={"enabled": False}, headers=NO_SUCH_VERSION
    ),
    "GET /v1/devices/{serial}/pins": plain("/v1/devices/TIDAKADA/pins"),
    "PUT /v1/devices/{serial}/pins/{pin}": fresh(
        "/v1/devices/TIDAKADA/pins/1", lambda world: {"employee_id": world.people["same_agency"]}
    ),
    "DELETE /v1/devices/{serial}/pins/{pin}": plain("/v1/devices/TIDAKADA/pins/1"),
    "GET /v1/devices/{serial}/lines": plain("/v1/devices/TIDAKADA/lines"),
    "GET /v1/devices/{serial}/operations": plain("/v1/devices/TIDAKADA/operations"),
    "POST /v1/devices/{serial}/clock-acts": plain(
        "/v1/devices/TIDAKADA/clock-acts",
        json={"from": f"{DAY}T00:00:00+07:00", "to": f"{DAY}T01:00:00+07:00", "shift_s": 60},
    ),
    "POST /v1/devices/{serial}/clock-acts/{act}/undo": plain(
        f"/v1/devices/TIDAKADA/clock-acts/{UNKNOWN}/undo"
    ),
    "GET /v1/devices/{serial}/commands": plain("/v1/devices/TIDAKADA/commands"),
    "POST /v1/devices/{serial}/commands": plain(
        "/v1/devices/TIDAKADA/commands", json={"kind": "info"}
    ),
    "POST /v1/imports/attlog": plain(
        "/v1/imports/attlog",
        params={"serial": "TIDAKADA", "dry_run": "true"},
        content=b"1\t2026-11-02 07:20:00\t1\t0\t0\t0\n",
        headers={"Content-Type": "text/plain"},
    ),
}

for _call in ("cdata", "getrequest", "ping"):
    CALLS[f"GET /iclock/{_call}"] = plain(f"/iclock/{_call}?SN=TIDAKADA")
for _call in ("cdata", "devicecmd", "registry", "push", "querydata"):
    CALLS[f"POST /iclock/{_call}"] = plain(f"/iclock/{_call}?SN=TIDAKADA", content=b"1\n")
