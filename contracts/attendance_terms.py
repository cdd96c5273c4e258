"""The words of attendance that messages and views share."""

from typing import Literal

Direction = Literal["in", "out"]
Method = Literal["position", "kiosk", "device", "import", "duty"]
Standing = Literal["counts", "pending", "declined"]
"""Whether a check-in counts, waits for the supervisor, or was declined."""

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
CountsAs = Literal["work", "excused", "unexcused"]
ActEffect = Literal["excuse_lateness", "excuse_absence", "work_elsewhere", "duty", "closed"]
Excused = Literal["lateness", "early_leaving", "absence"]
"""What no longer counts against somebody: coming late, leaving early, or the whole day."""
