"""Kiosks: screens in offices that show a code which changes every half minute."""

from typing import Self

from pydantic import AwareDatetime, Field

from contracts.envelope import Code, CommandBody, EventData, OfficeCode, QueryBody, Value


class GetKiosk(QueryBody, name="attendance.get_kiosk"):
    """The code that the kiosk of an office shows now (a request: it gives a secret)."""

    office: Code


class RotateKiosk(CommandBody, name="attendance.rotate_kiosk", feature="attendance.kiosks"):
    """Give the kiosk of an office a new secret.

    Codes shown before still count for captures made before, unless the former secret is known to
    somebody (``compromised``): then none of its codes counts any more.
    """

    office: Code
    compromised: bool = False


class RotateKioskRequest(Value):
    """Whether somebody may know the secret that is replaced."""

    compromised: bool = False

    model_config = {"json_schema_extra": {"examples": [{"compromised": False}]}}


class KioskView(Value):
    """What a kiosk shows: the code as text and as a QR code (SVG), until it is replaced."""

    office: str
    name: str
    code: str
    qr_svg: str
    step_s: int
    valid_from: AwareDatetime
    valid_until: AwareDatetime
    as_of: AwareDatetime

    model_config = {
        "json_schema_extra": {
            "examples": [
                {
                    "office": "BALAIKOTA",
                    "name": "Balai Kota Surakarta",
                    "code": "K7QM-3XWD",
                    "qr_svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 29 29">…</svg>',
                    "step_s": 30,
                    "valid_from": "2026-11-24T07:21:30+07:00",
                    "valid_until": "2026-11-24T07:22:00+07:00",
                    "as_of": "2026-11-24T07:21:41+07:00",
                }
            ]
        }
    }


class KioskSecretView(Value):
    """The kiosk's secret was replaced; the secret itself is shown to nobody."""

    office: str
    rotated_at: AwareDatetime
    secrets: int = Field(ge=1)
    version: int


class KioskRotated(EventData, type="attendance.kiosk.rotated.v1"):
    """The kiosk of an office has a new secret; the first one opens the kiosk."""

    office: OfficeCode
    opened: bool = False
    compromised: bool = False

    @classmethod
    def example(cls) -> Self:
        """The yearly rotation at the city hall."""
        return cls(office=OfficeCode("BALAIKOTA"))
