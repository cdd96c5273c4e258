"""The words of attendance that messages and views share."""

from typing import Literal

Direction = Literal["in", "out"]
Method = Literal["position", "kiosk", "device", "import", "duty"]
DayStatus = Literal[
    "present",
    "late",
    "left_early",
    "late_and_left_early",
    "incomplete",
    "absent",
    "leave",
    "duty",
    "sick",
    "elsewhere",
    "holiday",
    "off",
    "open",
]
