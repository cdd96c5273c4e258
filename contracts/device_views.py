"""How attendance machines are shown."""

from datetime import date

from pydantic import AwareDatetime, Field

from contracts.device_lines import LineStatus
from contracts.devices import OrderKind, OrderState
from contracts.envelope import Value
from contracts.people import PersonView


class ClockActView(Value):
    """A correction of a machine's clock."""

    id: str
    from_: AwareDatetime = Field(alias="from")
    to: AwareDatetime
    shift_s: int
    reason: str | None
    by: str
    at: AwareDatetime
    undone: bool

    model_config = {"populate_by_name": True}


class DeviceView(Value):
    """A registered machine and what it has sent; ``flags`` are what somebody should look at.

    ``received`` = ``stored`` + ``duplicates`` + ``unreadable``, ever since; ``unmapped`` and
    ``implausible`` are stored lines that wait now, for an owner or for a correction of the clock.
    ``clock_drift_s`` is positive for a clock that is ahead, null while nothing tells.
    """

    serial: str
    office: str
    time_zone: str
    sources: tuple[str, ...]
    enabled: bool
    flags: tuple[str, ...]
    last_seen: AwareDatetime | None
    clock_drift_s: int | None
    clock_set_at: str | None
    firmware: str | None
    received: int
    stored: int
    duplicates: int
    unreadable: int
    unmapped: int
    implausible: int
    clock_acts: tuple[ClockActView, ...]
    actions: tuple[str, ...]
    version: int


class PinView(Value):
    """Whose a PIN is; of an unmapped one, how many lines wait for an owner."""

    id: str
    serial: str
    pin: str
    employee: PersonView | None
    lines: int | None = None
    first: str | None = None
    last: str | None = None
    version: int = 0


class LineView(Value):
    """A line as it came, and what became of it; ``wall`` is the machine's own clock."""

    id: str
    raw: str
    status: LineStatus
    pin: str | None
    wall: str | None
    at: AwareDatetime | None
    received_at: AwareDatetime
    state: str | None
    verify: str | None
    source: str
    flags: tuple[str, ...]
    employee_id: str | None
    day: date | None


class OperationView(Value):
    """Something that was done at a machine; code 21 sets its clock."""

    code: int
    wall: str
    by_pin: str | None
    received_at: AwareDatetime
    raw: str


class OrderView(Value):
    """What a machine was told to do, and what came of it; ``result`` 0 is good."""

    serial: str
    number: int
    kind: OrderKind
    text: str
    state: OrderState
    ordered_by: str
    ordered_at: AwareDatetime
    sent_at: AwareDatetime | None
    finished_at: AwareDatetime | None
    result: int | None


class DeviceOrder(Value):
    """An order on its way to the machine."""

    number: int
    text: str


class DeviceMet(Value):
    """What a machine that calls is answered with; the gateway puts it in the protocol's words."""

    serial: str
    time_zone: str
    stamp: str | None = None
    last_line: str | None = None
    orders: tuple[DeviceOrder, ...] = ()
